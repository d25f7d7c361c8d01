"""Who asks for a page, and what the answer does to the cookies.

A page asked for with an expired access token and a good refresh token is renewed on the way, by the same rule as
anywhere else. What comes of it, and what a host's view starts, is kept with the request and written when everything
else has been, whatever the view answers.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal, cast

from flask import Flask, Response, request

from ..ground.context import this_request
from ..ground.errors import AccessError, RefreshError
from ..ground.origins import SAFE_METHODS, is_trusted
from ..ground.text import USER_AGENT_MAX_CHARACTERS, label
from ..identity.request import (
    clear_cookies,
    only,
    provenance,
    sent_access_cookies,
    sent_refresh_cookies,
    set_access_cookie,
    set_refresh_cookie,
)
from ..identity.services import current
from ..identity.sessions.grants import Grant, Origin
from ..identity.tokens.verified import AccessToken
from ..identity.users.base import Account
from .access import let_in_by_cookie
from .found import FOUND, Found, found_in

Cookies = Literal["pages", "refresh"]
"""Which cookies a grant goes into: both, for pages, or the refresh cookie only, beside an access token in the body."""

PROOF_LASTS = timedelta(minutes=10)
"""How long after the password was proved nothing asks for it again."""

_OF_A_WINDOW = ("document", "empty")
"""What a navigation says it is for: itself, and passed on by a service worker. A frame says ``iframe``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    user_id: str
    session_id: str
    authenticated_at: datetime

    @classmethod
    def of(cls, token: AccessToken) -> "Visitor":
        """Return whom a verified access token is about."""
        proved = datetime.fromtimestamp(token.claims["auth_time"], timezone.utc)
        return cls(user_id=token.subject, session_id=token.session_id, authenticated_at=proved)

    @property
    def has_proved_lately(self) -> bool:
        """Say whether the password was proved a short while ago."""
        return current().ambient.timestamp() - self.authenticated_at.timestamp() <= PROOF_LASTS.total_seconds()


class Visit:
    """What one request has found out, and what its answer does to the cookies."""

    def __init__(self) -> None:
        self.is_known = False
        self.visitor: Visitor | None = None
        self.forgets = False
        self.hands_out = False
        """The view itself hands out a token, in the body of the answer, say."""
        self._grant: Grant | None = None
        self._refresh_token: str | None = None
        self._cookies: Cookies = "pages"

    def keep(self, grant: Grant, *, cookies: Cookies = "pages") -> None:
        """Hand out what was granted; of several grants the newest access token and the one refresh token."""
        self.forgets = False
        self._grant, self._cookies = grant, cookies
        self._refresh_token = grant.refresh_token or self._refresh_token

    def write(self, response: Response) -> None:
        """Set or delete the cookies."""
        if self.forgets:
            clear_cookies(response)
        elif self._grant is not None:
            self._set(self._grant, response)
        if self.forgets or self.hands_out or self._grant is not None or self.visitor is not None:
            response.headers["Cache-Control"] = "no-store"
            _vary_with_cookie(response)

    def _set(self, grant: Grant, response: Response) -> None:
        """Set the cookies, unless the session was ended while the answer was being made: a logout is final."""
        if current().revocations.is_ended(grant.session.id):
            return
        if self._cookies == "pages":
            set_access_cookie(response, grant)
        if self._refresh_token is not None:
            set_refresh_cookie(response, self._refresh_token, grant.session)


def _vary_with_cookie(response: Response) -> None:
    if "Vary" in response.headers:
        response.vary.add("Cookie")
    else:  # the same for a third of the time, which every guarded page pays
        response.headers["Vary"] = "Cookie"


def current_visit() -> Visit:
    """Return the visit that this request is."""
    found = found_in(request.environ)
    if found.visit is None:
        found.visit = Visit()
    return cast(Visit, found.visit)


def current_visitor() -> Visitor | None:
    """Return who asks for this page, renewed on the way if need be; ``None`` if nobody is signed in.

    Raises `TooManyRequestsError`, and `StoreUnavailableError` where a renewal is needed and cannot be done.
    """
    visit = current_visit()
    if not visit.is_known:
        visit.is_known = True
        visit.visitor = _by_access_cookie() or _by_refresh_cookie(visit)
    return visit.visitor


def _by_access_cookie() -> Visitor | None:
    services = current()
    sent = sent_access_cookies()
    if len(sent) != 1:
        return None
    try:
        token = services.access_tokens.read_cookie(sent[0])
    except AccessError:
        return None
    return Visitor.of(token) if let_in_by_cookie(token) else None


def _by_refresh_cookie(visit: Visit) -> Visitor | None:
    """Renew by the refresh cookie; a token that is dead for good takes both cookies with it."""
    services = current()
    sent = sent_refresh_cookies()
    if not sent or not _may_renew():
        return None
    try:
        grant = services.sessions.refresh(only(sent), request.headers.get("X-Device-Id"))
    except RefreshError as error:
        visit.forgets = error.is_final
        return None
    token = services.access_tokens.read_issued(grant.access_token)
    if not let_in_by_cookie(token):
        return None
    visit.keep(grant)
    return Visitor.of(token)


def _may_renew() -> bool:
    """Say whether cookies that came by themselves may renew: not for what other sites embed, nor for a guess.

    Following a link from anywhere is a person's own doing (Fetch Metadata §2), and no script can say that it
    navigates, not even a service worker that passes a navigation on.
    """
    if is_prefetch():
        return False
    headers = request.headers
    navigates = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") in _OF_A_WINDOW
    return (navigates and request.method in SAFE_METHODS) or is_trusted(
        provenance(), current().settings.trusted_origins
    )


def is_prefetch() -> bool:
    """Say whether the browser asks before anybody has clicked."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def sign_in(account: Account, *, remember: bool) -> None:
    """Start a session for somebody who has just proved the password; the one that the cookie names is over."""
    services = current()
    agent = label(request.headers.get("User-Agent"), longest=USER_AGENT_MAX_CHARACTERS)
    origin = Origin(user_agent=agent, remember=remember)
    current_visit().keep(services.sessions.start(account, origin, replacing=sent_refresh_cookies()))


def prove(visitor: Visitor, account: Account) -> None:
    """Note that the visitor has proved the password again."""
    current_visit().keep(current().sessions.confirm(visitor.session_id, account))


def sign_out() -> None:
    """End the sessions that the cookies name, expired or not, and delete the cookies."""
    services = current()
    services.sessions.end_presented(sent_refresh_cookies(), reason="logout")
    for text in sent_access_cookies():
        with suppress(AccessError):
            token = services.access_tokens.read_cookie_expired(text)
            services.sessions.end_own(token.session_id, user_id=token.subject, reason="logout", everywhere=False)
    current_visit().forgets = True


def install(app: Flask) -> None:
    """Write the cookies after whatever the host says of caches: the first after-request function runs last."""
    app.after_request_funcs.setdefault(None, []).insert(0, _write_cookies)


def _write_cookies(response: Response) -> Response:
    found: Found | None = this_request().environ.get(FOUND)
    if found is not None and found.visit is not None:
        found.visit.write(response)
    return response
