"""How far this machine's clock is from the store's, as one process knows it.

The rotation rule compares the time of one server with a time that another wrote. The store's clock is the one that all
of them can see, so each process compares its own with it, and while they are too far apart it judges and writes
nothing by its own.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from .access_tokens import ISSUED_AHEAD_SECONDS
from .ambient import Ambient
from .errors import ClockWrongError
from .per_process import PerProcess, new_lock
from .settings import Settings
from .stores.base import Store

READ_EVERY_SECONDS = 10.0
"""How often the store is asked for its time, along with what is asked of it anyway; twice as old a reading is not
relied upon."""

MOST_WRONG_SECONDS = ISSUED_AHEAD_SECONDS / 2
"""Of two servers that are wrong by no more, neither takes the access tokens of the other for tokens of the future."""

_log = logging.getLogger(__name__)


def tolerance(quiet_window: timedelta) -> float:
    """Return how many seconds a clock may be wrong.

    What one server wrote, another judges: their errors add up. Two that are wrong by a quarter of the quiet window, one
    ahead and one behind, leave half of it for requests and answers to be under way. Without a window there is nothing
    to leave: a server that is ahead judges as the right one does, one that is behind is quiet for longer.
    """
    quarter = quiet_window.total_seconds() / 4
    return min(quarter, MOST_WRONG_SECONDS) if quarter else MOST_WRONG_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The store's time beside this machine's monotonic clock, which stands in for it until the next reading."""

    at: float
    ahead: float
    """Of the store's Unix seconds, what the monotonic clock lacks."""
    doubt: float
    """Seconds: nobody knows at which moment of the round trip the store looked at its clock."""

    @classmethod
    def of(cls, store: Store) -> "Reading | None":
        """Ask the store; ``None`` where its clock is this machine's. Raises `StoreUnavailableError`."""
        asked = time.monotonic()
        theirs = store.clock()
        if theirs is None:
            return None
        answered = time.monotonic()
        middle = (asked + answered) / 2
        return cls(at=asked, ahead=theirs.timestamp() - middle, doubt=answered - middle)


class StoreClock:
    """Compares the machine's clock with the store's, and gives the time only while they agree."""

    def __init__(self, settings: Settings, store: Store, ambient: Ambient) -> None:
        self.tolerance = tolerance(settings.quiet_window)
        self._store = store
        self._ambient = ambient
        self._is_elsewhere = True
        self._reading: Reading | None = None
        self._is_wrong = False
        self._changing = PerProcess(new_lock)

    def trusted(self) -> Ambient:
        """Return the ambient of those who judge or write by the time: what its `now` raises, `check` does."""
        return Ambient(now=self._now, new_id=self._ambient.new_id)

    def _now(self) -> datetime:
        self.check()
        return self._ambient.now()

    def check(self) -> None:
        """Raise `ClockWrongError` while the clock is wrong.

        A clock that is set is noticed at once, without the store. Raises `StoreUnavailableError` where the clocks were
        not compared lately and cannot be.
        """
        self.keep_up(2 * READ_EVERY_SECONDS)
        if self._is_wrong:
            raise ClockWrongError

    def keep_up(self, longest: float = READ_EVERY_SECONDS) -> None:
        """Compare the clocks by a reading of at most these seconds ago; raises `StoreUnavailableError`."""
        if not self._is_elsewhere:
            return
        reading = self._reading
        if reading is None or time.monotonic() - reading.at > longest:
            reading = self._reading = Reading.of(self._store)
        if reading is None:
            self._is_elsewhere = False
        else:
            self._judge(reading)

    def apart(self) -> float:
        """Ask the store, and return how many seconds the clock surely differs from its clock."""
        reading = Reading.of(self._store)
        return 0.0 if reading is None else max(0.0, abs(self._apart(reading)) - reading.doubt)

    def _apart(self, reading: Reading) -> float:
        return self._ambient.machine() - time.monotonic() - reading.ahead

    def _judge(self, reading: Reading) -> None:
        apart = self._apart(reading)
        is_wrong = abs(apart) - reading.doubt > self.tolerance
        if is_wrong != self._is_wrong:
            with self._changing():
                if is_wrong != self._is_wrong:
                    self._log(apart, is_wrong=is_wrong)
                self._is_wrong = is_wrong
        self._ambient.wrong_by = apart if is_wrong else 0.0

    def _log(self, apart: float, *, is_wrong: bool) -> None:
        if is_wrong:
            _log.critical(
                "clock_wrong seconds=%+.1f tolerance=%.1f; sessions are refused here until the clock agrees with the"
                " store's, access tokens are judged by the store's",
                apart,
                self.tolerance,
            )
        else:
            _log.warning("clock_right seconds=%+.1f; sessions are served here again", apart)
