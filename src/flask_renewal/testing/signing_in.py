"""A browser that signs in and holds tokens, as a browser app does."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import Response
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from ..ground.cookies import REFRESH_COOKIE, CookieSpec
from ..ground.errors import AccountError, TokenInvalidError
from ..ground.text import username_key
from ..guard.credentials import Credentials
from ..identity.request import cookie_life
from ..identity.sessions.grants import Origin
from ..identity.users.base import Account
from .browser import Browser
from .call import Call
from .clock import Clock
from .fetching import Environ
from .parts import services_of

NO_PASSWORD = "!no password"  # noqa: S105 - it is none
"""What stands in the place of a password hash for users whom the kit adds: no password fits it."""

Client = TypeVar("Client", bound="SigningIn")

_RENEWABLE = ("token_missing", "token_expired", "token_invalid", "session_ended")


class SigningIn(Browser):
    """Sends the access token with its requests, and takes over the tokens that the answers bring."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the arguments of `Browser`."""
        super().__init__(*args, **kwargs)
        self.access_token: str | None = None
        """Sent with every request but page loads; ``None`` where nobody is signed in. Set it to send another."""
        self.username: str | None = None
        self._session_id: str | None = None
        self._refused: str | None = None

    @property
    def clock(self) -> Clock:
        """The application's clock; from the first look at it, it stands still."""
        return Clock.of(self.application)

    def login(
        self: Client,
        username: str = "alice",
        password: str | None = None,
        *,
        device: str | None = None,
        remember: bool = True,
    ) -> Client:
        """Sign in and return the client.

        With a password through the API, as a person does. Without one directly: no password is hashed or compared, and
        a user who does not exist yet is added. Either way the session that this browser had before is over.
        """
        if password is None:
            agent = str(self.environ_base["HTTP_USER_AGENT"])
            self._start(username, Origin(device=device, user_agent=agent, remember=remember))
        else:
            body = {"username": username, "password": password, "device": device, "remember": remember}
            response = self.post(self.url("login"), json=body)
            if response.status_code != 200:
                raise AssertionError(f"{username} could not sign in: {response.status} {response.text}")
        return self

    def _start(self, username: str, origin: Origin) -> None:
        services, answer = services_of(self.application), Response()
        with self.application.app_context():
            grant = services.sessions.start(self._account(username), origin, replacing=self._refresh_tokens())
            max_age = cookie_life(grant.session)
        self.refresh_cookie().set(answer, grant.refresh_token or "", max_age=max_age)
        self.jar.take(self.call("login"), answer.headers.getlist("Set-Cookie"))
        self._sign_in(grant.access_token, session_id=grant.session.id, username=grant.username)

    def _account(self, username: str) -> Account:
        services = services_of(self.application)
        key = username_key(username)
        known = services.users.find_by_name(key)
        if known is not None and known.disabled:
            raise AssertionError(f"{username} cannot sign in: the account is disabled")
        if known is not None:
            return known
        account = Account(id=services.ambient.new_id(), username=username, password_hash=NO_PASSWORD)
        try:
            return services.users.add(account, key=key, now=services.ambient.now())
        except AccountError as error:
            raise LookupError(f"{username} cannot be added by name alone; add the user first, then sign in.") from error

    def refresh(self) -> TestResponse:
        """Ask for new tokens, as a browser app does when its access token has expired."""
        return self.post(self.url("refresh"))

    def logout(self, *, everywhere: bool = False) -> TestResponse:
        """Sign out here, or everywhere."""
        return self.post(self.url("logout"), json={"everywhere": everywhere})

    def fetch(self, path: str, *, method: str = "GET", **kwargs: Any) -> TestResponse:
        """Send a request as a browser app does: where the access token is refused, refresh and try again."""
        response = self.open(path, method=method, **kwargs)
        stale = response.status_code == 401 and response.is_json and response.get_json().get("code") in _RENEWABLE
        if stale and self.refresh().status_code == 200:
            return self.open(path, method=method, **kwargs)
        return response

    def open(self, *args: Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: Any) -> TestResponse:
        """Send a request with the access token, and take over the tokens that the answer brings."""
        response = super().open(*args, buffered=buffered, follow_redirects=follow_redirects, **kwargs)
        self.note(response)
        return response

    def prepare(self, environ: Environ, call: Call) -> None:
        """Add the access token, except to page loads and to where the tokens come from."""
        sources = [self.url(name) for name in ("login", "register", "refresh")]
        if self.access_token and not call.navigation and environ["PATH_INFO"] not in sources:
            settings = services_of(self.application).settings
            credentials = Credentials(settings.token_header, settings.token_scheme)
            environ.setdefault(credentials.key, credentials.prefix + self.access_token)

    def note(self, response: TestResponse) -> None:
        """Take over the tokens of an answer."""
        path = response.request.path
        if path == self.url("logout") and response.status_code == 204:
            self.access_token = None
        elif path.startswith(self.url("")) and response.is_json:
            self._note_answer(response)
        renewed = self.readable_headers(response).get(services_of(self.application).settings.header_name)
        if renewed is not None and self._is_ours(renewed):
            self.access_token = renewed

    def _note_answer(self, response: TestResponse) -> None:
        answer = response.get_json()
        if response.status_code < 300 and "access_token" in answer:
            session, user = answer["session"], answer["user"]
            self._sign_in(answer["access_token"], session_id=session["id"], username=user.get("username"))
        elif response.status_code == 401 and response.headers.getlist("Set-Cookie"):
            self._refused = answer["code"]

    def _sign_in(self, access_token: str, *, session_id: str, username: str | None) -> None:
        self.access_token, self.username = access_token, username
        self._session_id, self._refused = session_id, None

    def _is_ours(self, token: str) -> bool:
        """Say whether a renewed token belongs to the session held now: one may come late, from an older login."""
        try:
            read = services_of(self.application).access_tokens.read_expired(token)
        except TokenInvalidError:
            return False
        return read.session_id == self._session_id

    def refresh_token(self) -> str | None:
        """Return the refresh token that the browser would send, if any."""
        sent = self._refresh_tokens()
        return sent[0] if len(sent) == 1 else None

    def _refresh_tokens(self) -> Sequence[str]:
        return self.refresh_cookie().read(parse_cookie(self.jar.header(self.call("refresh"))))

    def refresh_cookie(self) -> CookieSpec:
        """Return the refresh cookie as the application sets it for this client."""
        scheme, _, host = self.target.partition("://")
        return services_of(self.application).cookies.spec(REFRESH_COOKIE, scheme=scheme, host=host)

    def call(self, name: str) -> Call:
        """Return what the browser knows of a request of the JSON API."""
        page = self.page or self.target
        return Call(target=self.target, path=self.url(name), method="POST", page=page, navigation=False)

    def url(self, name: str) -> str:
        """Return the path of a request of the JSON API, below the root that the application is mounted at."""
        return f"{services_of(self.application).settings.url_prefix}/{name}"
