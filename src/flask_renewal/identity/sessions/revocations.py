"""Which sessions ended lately, as one process knows it.

Access tokens are verified without the store; this set is what makes ending a session take effect everywhere within
`RENEWAL_REVOCATION_DELAY`.
"""

import logging
import math
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from ...ground.ambient import Ambient
from ...ground.errors import StoreUnavailableError
from ...ground.per_process import PerProcess, new_lock
from ...settings import Settings
from ...stores.base import Store
from .clocks import MOST_WRONG_SECONDS, StoreClock

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock of the process that ended a session may be behind ours."""

WHOLE_EVERY_SECONDS = 300.0
"""How often all of them are read anew, which forgets those that matter no more and makes up for whatever was missed."""

OVERLAP_SECONDS = 60 + 2 * MOST_WRONG_SECONDS
"""How far each reading in between goes back before the last one: an ending may be written that late after its time was
taken, by a process whose clock is as far behind as it may be, and read by one that is as far ahead."""

LONGEST_WAIT_SECONDS = 3.0
"""For another request's reading of the set; then the store counts as away."""

_log = logging.getLogger("flask_renewal")


class Revocations:
    """The ids of the sessions ended within one access token's life, at most `delay` old.

    A request that finds the set older than half the delay reads what has ended since, while others go on with what is
    known; one that finds it older than the delay waits. While the store cannot be reached what was known stays in
    force and requests are served, without waiting for it once it is known to be away; it is logged once.
    """

    def __init__(self, settings: Settings, store: Store, ambient: Ambient, clock: StoreClock) -> None:
        delay = settings.revocation_delay
        self._delay = math.inf if delay is None else delay.total_seconds()
        self.reach = (settings.access_life + settings.leeway + CLOCK_TOLERANCE).total_seconds()
        """How many seconds an ending matters: then no access token of its session can be left."""
        self._store = store
        self._ambient = ambient
        self._clock = clock
        self._ended: set[str] = set()
        self._ended_here: dict[str, float] = {}
        self._read_at = ambient.timestamp() if delay is None else -math.inf
        self._whole_at = self._complete_until = -math.inf
        self._store_is_away = False
        self._reading = PerProcess(new_lock)

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

    def surer_time(self) -> float:
        """Return the time by clocks that are compared as often as ended sessions are looked for, in Unix seconds.

        Where this machine's is so wrong that no token is good by it, nobody looks for ended sessions.
        """
        if self._delay:
            self._renew(self._delay, self._ambient.timestamp())
        else:
            self._compare()
        return self._ambient.timestamp()

    def note(self, session_ids: Iterable[str]) -> None:
        """Add sessions that this process has ended itself: for them there is no delay here."""
        now = self._ambient.timestamp()
        self._ended_here.update((session_id, now) for session_id in session_ids)
        if not 0 < self._delay < math.inf:
            self._forget(now - self.reach)

    def _compare(self) -> None:
        try:
            self._clock.keep_up()
        except StoreUnavailableError:
            self._note_store(away=True)

    def _is_ended_in_store(self, session_id: str) -> bool:
        try:
            self._clock.keep_up()
            session = self._store.find(session_id)
        except StoreUnavailableError:
            self._note_store(away=True)
            return session_id in self._ended_here
        self._note_store(away=False)
        return session is None or session.ended_at is not None

    def _renew(self, delay: float, now: float) -> None:
        """Read the set anew, once for all who ask; it was never read, is old, or the clock has gone back."""
        must_wait = not self._store_is_away and not 0 <= now - self._read_at <= delay
        reading = self._reading()
        if reading.acquire(timeout=LONGEST_WAIT_SECONDS if must_wait else 0):
            try:
                if not now - delay / 2 <= self._read_at <= self._ambient.timestamp():
                    self._read()
            finally:
                reading.release()
        elif must_wait:
            self._note_store(away=True)

    def _read(self) -> None:
        try:
            self._clock.keep_up()
            now = self._ambient.timestamp()
            self._learn(now)
        except StoreUnavailableError:
            self._note_store(away=True)
            now = self._ambient.timestamp()  # it may have taken long: the next try is due later, or all would queue up
        else:
            self._note_store(away=False)
            self._forget(now - self.reach)
        self._read_at = now

    def _learn(self, now: float) -> None:
        """Add what has ended since the last reading, or read all."""
        if 0 <= now - self._whole_at <= WHOLE_EVERY_SECONDS:
            since = min(now, self._complete_until) - OVERLAP_SECONDS
            self._ended.update(self._store.ended_since(_moment(since)))
        else:
            self._ended = set(self._store.ended_since(_moment(now - self.reach)))
            self._whole_at = now
        self._complete_until = now

    def _forget(self, moment: float) -> None:
        for session_id, ended_at in list(self._ended_here.items()):
            if ended_at <= moment:
                self._ended_here.pop(session_id, None)

    def _note_store(self, *, away: bool) -> None:
        if away and not self._store_is_away:
            _log.warning("ended sessions cannot be read; what is known of them stays in force")
        self._store_is_away = away


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
