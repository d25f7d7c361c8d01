"""Which sessions ended lately, as one process knows it.

Access tokens are verified without the store; this set is what makes ending a session take effect everywhere within
`RENEWAL_REVOCATION_DELAY`.
"""

import logging
import math
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from .ambient import Ambient
from .errors import StoreUnavailableError
from .settings import Settings
from .stores.base import Store

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock of the process that ended a session may be behind ours."""

LONGEST_WAIT_SECONDS = 3.0
"""For another request's reading of the set; then the store counts as away."""

_log = logging.getLogger(__name__)


class Revocations:
    """The ids of the sessions ended within one access token's life, at most `delay` old.

    A request that finds the set older than half the delay re-reads it while others go on with what is known; one
    that finds it older than the delay waits. While the store cannot be reached what was known stays in force and
    requests are served, without waiting for it once it is known to be away; it is logged once.
    """

    def __init__(self, settings: Settings, store: Store, ambient: Ambient) -> None:
        delay = settings.revocation_delay
        self._delay = math.inf if delay is None else delay.total_seconds()
        self._reach = settings.access_life + settings.leeway + CLOCK_TOLERANCE
        self._store = store
        self._ambient = ambient
        self._ended: frozenset[str] = frozenset()
        self._ended_here: dict[str, datetime] = {}
        self._read_at = ambient.timestamp() if delay is None else -math.inf
        self._store_is_away = False
        self._reading = threading.Lock()

    def is_ended(self, session_id: str, now: float | None = None) -> bool:
        """Say whether the session has ended, as known at most `RENEWAL_REVOCATION_DELAY` ago.

        `now` is for a caller who has looked at the clock already.
        """
        now = self._ambient.timestamp() if now is None else now
        if not 0 <= now - self._read_at <= self._delay / 2:
            if not self._delay:
                return self._is_ended_in_store(session_id)
            self._renew(self._delay, now)
        return session_id in self._ended or session_id in self._ended_here

    def note(self, session_ids: Iterable[str]) -> None:
        """Add sessions that this process has ended itself: for them there is no delay here."""
        now = self._ambient.now()
        self._ended_here.update((session_id, now) for session_id in session_ids)
        if not 0 < self._delay < math.inf:
            self._forget(now - self._reach)

    def _is_ended_in_store(self, session_id: str) -> bool:
        try:
            session = self._store.find(session_id)
        except StoreUnavailableError:
            self._note_store(away=True)
            return session_id in self._ended_here
        self._note_store(away=False)
        return session is None or session.ended_at is not None

    def _renew(self, delay: float, now: float) -> None:
        """Read the set anew, once for all who ask; it was never read, is old, or the clock has gone back."""
        must_wait = not self._store_is_away and not 0 <= now - self._read_at <= delay
        if self._reading.acquire(timeout=LONGEST_WAIT_SECONDS if must_wait else 0):
            try:
                if not now - delay / 2 <= self._read_at <= self._ambient.timestamp():
                    self._read()
            finally:
                self._reading.release()
        elif must_wait:
            self._note_store(away=True)

    def _read(self) -> None:
        now = self._ambient.now()
        try:
            self._ended = frozenset(self._store.ended_since(now - self._reach))
        except StoreUnavailableError:
            self._note_store(away=True)
            now = self._ambient.now()  # it may have taken long: the next try is due later, or all would queue up to try
        else:
            self._note_store(away=False)
            self._forget(now - self._reach)
        self._read_at = now.timestamp()

    def _forget(self, moment: datetime) -> None:
        for session_id, ended_at in list(self._ended_here.items()):
            if ended_at <= moment:
                self._ended_here.pop(session_id, None)

    def _note_store(self, *, away: bool) -> None:
        if away and not self._store_is_away:
            _log.warning("ended sessions cannot be read; what is known of them stays in force")
        self._store_is_away = away
