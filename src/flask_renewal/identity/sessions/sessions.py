"""The use cases of sessions, put together: each is in the module that is named after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...ground.errors import SessionNotFoundError
from ...rotation import is_alive
from ...stores.base import Session
from .claims import checked
from .ending import Endings, is_id
from .parts import Parts
from .purging import Purging
from .refreshing import Refreshing
from .starting import Starting


class Sessions:
    """The sessions of one application."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.purging = Purging(parts.store, parts.ambient)
        endings = Endings(parts)
        starting, refreshing = Starting(parts, endings, self.purging), Refreshing(parts, endings)
        # the methods themselves, so that a refresh goes through no door more
        self.start, self.start_for = starting.start, starting.start_for
        self.confirm, self.confirm_for = starting.confirm, starting.confirm_for
        self.refresh, self.renew = refreshing.refresh, refreshing.renew
        self.end, self.end_all, self.end_others = endings.end, endings.end_all, endings.end_others
        self.end_own, self.end_presented = endings.end_own, endings.end_presented

    def list(self, user_id: str) -> Sequence[Session]:
        """Return the user's living sessions, newest use first."""
        return self._parts.store.list(user_id, now=self._parts.ambient.now())

    def find(self, session_id: str, *, user_id: str) -> Session:
        """Return this session of this user; raises `SessionNotFoundError`, for another user's session too."""
        session = self._parts.store.find(session_id) if is_id(session_id) else None
        if session is None or session.user_id != user_id:
            raise SessionNotFoundError
        return session

    def living(self, session_id: str) -> Session:
        """Return a session that neither ended nor expired, whosever it is; raises `SessionNotFoundError`."""
        session = self._parts.store.find(session_id) if is_id(session_id) else None
        if session is None or not is_alive(session, self._parts.ambient.now()):
            raise SessionNotFoundError
        return session

    def set_claims(self, session_id: str, claims: Mapping[str, Any]) -> Session:
        """Replace the session's own claims; raises `SessionNotFoundError`, `TypeError` or `ValueError`."""
        own = checked(claims, reserved=self._parts.access_tokens.reserved)
        now = self._parts.ambient.now()
        session = self._parts.store.set_claims(session_id, own, now=now) if is_id(session_id) else None
        if session is None:
            raise SessionNotFoundError
        return session

    def rename(self, session_id: str, *, user_id: str, device: str | None) -> Session:
        """Give the device of a session another name; raises `SessionNotFoundError` as `end` does."""
        store, now = self._parts.store, self._parts.ambient.now()
        session = store.rename(session_id, user_id=user_id, device=device, now=now) if is_id(session_id) else None
        if session is None:
            raise SessionNotFoundError
        return session
