"""What an answer does to the cookies: kept with the request, and written last, whatever the view answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal, cast

from flask import Response, request

from ..identity.request import (
    access_cookie,
    clear_cookies,
    refresh_cookie,
    sent_refresh_cookies,
    set_access_cookie,
    set_refresh_cookie,
)
from ..identity.services import current
from ..identity.sessions.grants import Grant
from ..identity.tokens.verified import AccessToken
from ..stores.base import Session
from .found import found_in

Cookies = Literal["pages", "refresh"]
"""Which cookies a grant goes into: both, for pages, or the refresh cookie only, beside an access token in the body."""

PROOF_LASTS = timedelta(minutes=10)
"""How long after the password was proved nothing asks for it again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    user_id: str
    session_id: str
    authenticated_at: datetime

    @classmethod
    def of(cls, session: Session) -> "Visitor":
        """Return who is signed in by a session."""
        return cls(user_id=session.user_id, session_id=session.id, authenticated_at=session.authenticated_at)

    @classmethod
    def presenting(cls, token: AccessToken) -> "Visitor":
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
        self.hands_out = False
        """The view hands out a token itself."""
        self.over: str | None = None
        """Why the session of the visitor's cookies does not go on."""
        self._forgets = False
        self._grant: Grant | None = None
        self._refresh_token: str | None = None
        self._cookies: Cookies = "pages"

    @property
    def pending(self) -> Sequence[str]:
        """The refresh token that the answer is to take away, if there is one."""
        return () if self._refresh_token is None else (self._refresh_token,)

    def refresh_tokens(self) -> Sequence[str]:
        """Return those that the browser has, and the one that it is to get."""
        return [*sent_refresh_cookies(), *self.pending]

    def keep(self, grant: Grant, *, cookies: Cookies = "pages") -> None:
        """Hand out what was granted; of several grants the newest access token and the one refresh token."""
        self._forgets = False
        self._grant, self._cookies = grant, cookies
        self._refresh_token = grant.refresh_token or self._refresh_token
        self.is_known, self.visitor = True, Visitor.of(grant.session)

    def forget(self) -> None:
        """Let the browser forget the cookies."""
        self._forgets = True
        self.is_known, self.visitor = True, None

    def write(self, response: Response) -> Response:
        """Set or delete the cookies on this answer, whatever it says of them so far; return it."""
        self._write_cookies(response)
        return self._keep_out_of_caches(response)

    def finish(self, response: Response) -> Response:
        """Do the same with the answer that goes out, unless it says already what becomes of a cookie of ours.

        Then it has been written before, or the API has decided, later than whoever asked for the visitor.
        """
        return self._keep_out_of_caches(response) if _has_our_cookie(response) else self.write(response)

    def _keep_out_of_caches(self, response: Response) -> Response:
        """Let no cache keep what is somebody's, nor give them what nobody was told."""
        if self._forgets or self.hands_out or self.visitor is not None:
            response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        return response

    def _write_cookies(self, response: Response) -> None:
        """Set the cookies, unless the session was ended while the answer was being made: a logout is final."""
        grant = self._grant
        if self._forgets:
            clear_cookies(response)
        elif grant is not None and not current().revocations.is_ended(grant.session.id):
            if self._cookies == "pages":
                set_access_cookie(response, grant)
            if self._refresh_token is not None:
                set_refresh_cookie(response, self._refresh_token, grant.session)


def _has_our_cookie(response: Response) -> bool:
    set_before = response.headers.getlist("Set-Cookie")
    ours = (f"{refresh_cookie().name}=", f"{access_cookie().name}=") if set_before else ()
    return any(cookie.startswith(ours) for cookie in set_before)


def current_visit() -> Visit:
    """Return the visit that this request is."""
    found = found_in(request.environ)
    if found.visit is None:
        found.visit = Visit()
    return cast(Visit, found.visit)
