"""Where a session goes on, and where a refresh is refused.

Here the rule, the store, the tokens, the clock and the events come together. A refresh is one conditional update; only
when no row came back is the session read and the rule asked why.
"""

from datetime import datetime
from typing import NoReturn

from ...ground import events
from ...ground.errors import (
    AccountDisabledError,
    RefreshTokenReusedError,
    SessionEndedError,
    SessionExpiredError,
    StoreUnavailableError,
)
from ...rotation import Verdict, judge
from ...stores.base import Ending, Session, Swap
from ..tokens.refresh import RefreshToken
from ..tokens.verified import AccessToken
from .ending import DISABLED, REUSE, Endings
from .grants import Grant, grant_of
from .parts import Parts

_TRIES = 32
"""Each that is lost was won by another who races with the same token: of that many tabs at once none is sent away."""


class Refreshing:
    """What somebody gets who has a token of a session."""

    def __init__(self, parts: Parts, endings: Endings) -> None:
        self._parts = parts
        self._endings = endings

    def refresh(self, presented: str, device_id: str | None) -> Grant:
        """Exchange a refresh token, by the rotation rule.

        Raises a `RefreshError` that says why not, `TooManyRequestsError`, or `StoreUnavailableError`. However many
        requests race with one token, one is handed the next token and the others are answered quietly.
        """
        parts = self._parts
        token = parts.refresh_tokens.read(presented)
        token.check_device(device_id)
        parts.throttle.count_refresh(token.session_id)
        swap = self._swap(token, Verdict.ROTATE)
        session = parts.store.rotate(swap)
        if session is not None:
            return self._granted(session, token, swap)
        return self._refresh_otherwise(token)

    def _refresh_otherwise(self, token: RefreshToken) -> Grant:
        """Ask the rule why the normal rotation found no row, and do what it says."""
        parts = self._parts
        for _ in range(_TRIES):
            session = parts.store.find(token.session_id)
            if session is None:
                raise SessionExpiredError
            now = parts.ambient.now()
            verdict = judge(session, token.id, now=now, window=parts.settings.quiet_window)
            if verdict is Verdict.QUIET:
                return self._granted(session, token, None)
            if verdict not in (Verdict.ROTATE, Verdict.REPLACE):
                self._refuse(session, token, verdict, now)
            swap = self._swap(token, verdict)
            swapped = parts.store.rotate(swap)
            if swapped is not None:
                return self._granted(swapped, token, swap)
        raise StoreUnavailableError

    def _refuse(self, session: Session, token: RefreshToken, verdict: Verdict, now: datetime) -> NoReturn:
        if verdict is Verdict.EXPIRED:
            raise SessionExpiredError
        if verdict is Verdict.ENDED:
            if session.ended_reason == DISABLED:
                raise AccountDisabledError
            raise SessionEndedError(reason=session.ended_reason)
        if self._endings.write(Ending(reason=REUSE, now=now, session_id=session.id)):
            presented = "superseded" if token.id == session.superseded else "older"
            self._parts.notices.send(events.refresh_token_reused, session=session, presented=presented)
        raise RefreshTokenReusedError

    def _swap(self, token: RefreshToken, verdict: Verdict) -> Swap:
        parts = self._parts
        return Swap(
            session_id=token.session_id,
            verdict=verdict,
            presented=token.id,
            fresh=parts.ambient.new_id(),
            window=parts.settings.quiet_window,
            use=parts.use(),
        )

    def _granted(self, session: Session, token: RefreshToken, swap: Swap | None) -> Grant:
        parts, refresh_token = self._parts, None
        person = parts.people.go_on(session)
        if person is None:
            self._endings.write(Ending(reason=DISABLED, now=parts.ambient.now(), session_id=session.id))
            raise AccountDisabledError
        if swap is not None:
            parts.notices.send(events.session_refreshed, session=session, verdict=swap.verdict.value)
            refresh_token = parts.refresh_tokens.issue(session_id=session.id, token_id=swap.fresh, device=token.device)
        return grant_of(parts, session, person, fresh=False, refresh_token=refresh_token)

    def renew(self, token: AccessToken) -> str | None:
        """Return a new access token for the response header, or ``None`` where this one must not be, or need not.

        One conditional update slides the idle timeout and says whether the session lives. `renewable_until` is
        carried over, so a stolen access token cannot be kept alive by this road.
        """
        parts, use = self._parts, self._parts.use()
        now = use.now.timestamp()
        if now <= token.renews_from:
            return None
        if parts.settings.header_limit is not None and now >= (token.renewable_until or 0):
            return None
        session = parts.store.touch(token.session_id, use)
        if session is None or session.user_id != token.subject or not parts.people.may_be_renewed(session):
            return None
        renewed, life = parts.access_tokens.issue(session, fresh=False, renewable_until=token.renewable_until)
        return renewed if now + life > token.expires_at else None
