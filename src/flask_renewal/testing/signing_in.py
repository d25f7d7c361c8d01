"""A browser that signs in and holds tokens, as a browser app does."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask import Response
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from ..ground.cookies import REFRESH_COOKIE, CookieSpec
from ..ground.errors import AccountDisabledError, TokenInvalidError, UnknownUserError
from ..guard.credentials import Credentials
from ..identity.request import cookie_life
from ..identity.sessions.grants import Origin
from .browser import Browser
from .call import Call
from .clock import Clock
from .fetching import Environ
from .parts import services_of
from .transactions import check_transaction
from .whom import refused, user_id_of, username_of

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
        """Of whom is signed in; ``None``, too, where the host proves who people are and tells no names."""
        self._user_id: str | None = None
        self._session_id: str | None = None
        self._refused: str | None = None

    @property
    def clock(self) -> Clock:
        """The application's clock; from the first look at it, it stands still."""
        return Clock.of(self.application)

    def login(
        self: Client,
        user: object = "alice",
        password: str | None = None,
        *,
        device: str | None = None,
        remember: bool = True,
        claims: Mapping[str, Any] | None = None,
    ) -> Client:
        """Sign in and return the client.

        `user` is the host's own object or an id; where accounts are ours also a name, which is added if nobody has it.
        With a password the road is that of the API, as a person goes it. Without one no password is hashed or compared,
        and the session may have claims of its own. Either way the session that this browser had before is over.
        Raises `LookupError` where there is nobody, `AssertionError` where somebody may not sign in, and what the host's
        `before_sign_in` raises.
        """
        if password is not None:
            return self._prove(user, password, device=device, remember=remember)
        check_transaction(self.application, user)
        try:
            with self.application.app_context():
                user_id = user_id_of(self.application, user)
            return self.start_session(user_id, device=device, remember=remember, claims=claims)
        except (UnknownUserError, AccountDisabledError) as error:
            raise refused(self.application, user, error) from error

    def _prove(self: Client, user: object, password: str, *, device: str | None, remember: bool) -> Client:
        if services_of(self.application).ours is None:
            raise AssertionError("the host proves who people are, and no password is taken; call login(user)")
        name = username_of(self.application, user)
        body = {"username": name, "password": password, "device": device, "remember": remember}
        response = self.post(self.url("login"), json=body)
        if response.status_code != 200:
            raise AssertionError(f"{name} could not sign in: {response.status} {response.text}")
        return self

    def start_session(
        self: Client,
        user_id: str,
        *,
        device: str | None,
        remember: bool = True,
        claims: Mapping[str, Any] | None = None,
    ) -> Client:
        """Start a session of the user with this id, as the host's own sign-in would, and return the client."""
        sessions, answer = services_of(self.application).sessions, Response()
        origin = Origin(device=device, user_agent=str(self.environ_base["HTTP_USER_AGENT"]), remember=remember)
        with self.application.app_context():
            grant = sessions.start_for(user_id, origin, replacing=self._refresh_tokens(), claims=claims)
            max_age = cookie_life(grant.session)
        self.refresh_cookie().set(answer, grant.refresh_token or "", max_age=max_age)
        self.jar.take(self.call("login"), answer.headers.getlist("Set-Cookie"))
        user = {"id": user_id, "username": grant.username}
        self._sign_in(grant.access_token, session_id=grant.session.id, user=user)
        return self

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
        elif response.is_json:
            self._note_answer(response)
        renewed = self.readable_headers(response).get(services_of(self.application).settings.header_name)
        if renewed is not None and self._session_of(renewed) == self._session_of(self.access_token):
            self.access_token = renewed

    def _note_answer(self, response: TestResponse) -> None:
        """Take over a token response, whichever route it comes from: a host has sign-ins of its own."""
        answer = response.get_json()
        if not isinstance(answer, dict):
            return
        session_id = self._session_of(answer.get("access_token"))
        if response.status_code < 300 and session_id is not None and "user" in answer:
            self._sign_in(answer["access_token"], session_id=session_id, user=answer["user"])
        elif response.status_code == 401 and response.headers.getlist("Set-Cookie"):
            self._refused = answer.get("code")

    def _sign_in(self, access_token: str, *, session_id: str, user: dict[str, Any]) -> None:
        self.access_token, self.username, self._user_id = access_token, user.get("username"), user["id"]
        self._session_id, self._refused = session_id, None

    def _session_of(self, token: object) -> str | None:
        """Return the session of an access token; a renewed one may come late, from an older login."""
        try:
            return services_of(self.application).access_tokens.read_expired(str(token)).session_id
        except TokenInvalidError:
            return None

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
