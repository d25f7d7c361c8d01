"""Which sessions ended lately, as one process knows it.

Access tokens are verified without the store; this set is what makes ending a session take effect everywhere within
`RENEWAL_REVOCATION_DELAY`.
"""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from .ambient import Ambient
from .errors import StoreUnavailableError
from .settings import Settings
from .stores.base import Store

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock of the process that ended a session may be behind ours."""

_log = logging.getLogger(__name__)


class Revocations:
    """The ids of the sessions ended within one access token's life, at most `delay` old.

    A request that finds the set older than half the delay re-reads it while others go on with what is known; one
    that finds it older than the delay waits. While the store cannot be reached what was known stays in force and
    requests are served; it is logged once.
    """

    def __init__(self, settings: Settings, store: Store, ambient: Ambient) -> None:
        self._delay = settings.revocation_delay
        self._reach = settings.access_life + settings.leeway + CLOCK_TOLERANCE
        self._store = store
        self._ambient = ambient
        self._ended: frozenset[str] = frozenset()
        self._ended_here: dict[str, datetime] = {}
        self._read_at: datetime | None = None
        self._store_is_away = False
        self._reading = threading.Lock()

    def is_ended(self, session_id: str) -> bool:
        """Say whether the session has ended, as known at most `RENEWAL_REVOCATION_DELAY` ago."""
        if self._delay is None:
            return session_id in self._ended_here
        if not self._delay:
            return self._is_ended_in_store(session_id)
        self._keep_young(self._delay)
        return session_id in self._ended or session_id in self._ended_here

    def note(self, session_ids: Iterable[str]) -> None:
        """Add sessions that this process has ended itself: for them there is no delay here."""
        now = self._ambient.now()
        self._ended_here.update((session_id, now) for session_id in session_ids)

    def _is_ended_in_store(self, session_id: str) -> bool:
        try:
            session = self._store.find(session_id)
        except StoreUnavailableError:
            self._note_store(away=True)
            return session_id in self._ended_here
        self._note_store(away=False)
        return session is None or session.ended_at is not None

    def _keep_young(self, delay: timedelta) -> None:
        age = self._age()
        if age is not None and age <= delay / 2:
            return
        must_wait = age is None or age > delay
        if self._reading.acquire(blocking=must_wait):
            try:
                age = self._age()
                if age is None or age > delay / 2:
                    self._read()
            finally:
                self._reading.release()

    def _age(self) -> timedelta | None:
        """Return how old the set is; ``None`` if it was never read, or by a clock that has since gone back."""
        if self._read_at is None:
            return None
        age = self._ambient.now() - self._read_at
        return age if age >= timedelta(0) else None

    def _read(self) -> None:
        now = self._ambient.now()
        try:
            self._ended = frozenset(self._store.ended_since(now - self._reach))
        except StoreUnavailableError:
            self._note_store(away=True)
        else:
            self._note_store(away=False)
            self._forget(now - self._reach)
        self._read_at = now

    def _forget(self, moment: datetime) -> None:
        for session_id, ended_at in list(self._ended_here.items()):
            if ended_at <= moment:
                self._ended_here.pop(session_id, None)

    def _note_store(self, *, away: bool) -> None:
        if away and not self._store_is_away:
            _log.warning("ended sessions cannot be read; what is known of them stays in force")
        self._store_is_away = away
