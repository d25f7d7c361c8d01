"""What time it is for sessions: the store's time, as one process knows it.

The rotation rule compares the time of one server with a time that another wrote. The store's clock is the one that all
of them can see, so each process compares its own with it, and goes by the store's where they are too far apart. Which
of the two is wrong does not matter: what one server wrote, another judges by the same clock.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...ground.ambient import Ambient
from ...ground.per_process import PerProcess, new_lock
from ...settings import Settings
from ...stores.base import Store
from ..tokens.access import ISSUED_AHEAD_SECONDS

READ_EVERY_SECONDS = 10.0
"""How often the store is asked for its time, along with what is asked of it anyway; twice as old a reading is not
relied upon."""

MOST_WRONG_SECONDS = ISSUED_AHEAD_SECONDS / 2
"""Of two servers that are wrong by no more, neither takes the access tokens of the other for tokens of the future."""

MOST_SET_SECONDS = 1.0
"""A clock that went further than the monotonic one since the reading was set, or its machine slept."""

_log = logging.getLogger("flask_renewal")


def left_for_messages(quiet_window: timedelta, *, wrong_by: timedelta) -> timedelta:
    """Return how long the slowest request and the slowest answer may be under way together, the time to disk included.

    What one server wrote, another judges, so the errors of their clocks add up: each is `wrong_by` at most, one of them
    ahead and the other behind. With more than this there are runs that sign an honest browser out.
    """
    return quiet_window - 2 * wrong_by


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
    """How far this machine's clock was ahead of the store's when they were compared."""

    at: float
    """Of the monotonic clock."""
    machine: float
    """Of this machine's clock at the same moment, in Unix seconds."""
    ahead: float
    doubt: float
    """Seconds: nobody knows at which moment of the round trip the store looked at its clock."""

    @classmethod
    def of(cls, store: Store, machine: Callable[[], float]) -> "Reading | None":
        """Ask the store; ``None`` where its clock is this machine's. Raises `StoreUnavailableError`."""
        asked = time.monotonic()
        theirs = store.clock()
        if theirs is None:
            return None
        at, now = time.monotonic(), machine()
        doubt = (at - asked) / 2
        return cls(at=at, machine=now, ahead=now - doubt - theirs.timestamp(), doubt=doubt)

    def holds(self, machine: Callable[[], float], *, longest: float) -> bool:
        """Say whether it is at most `longest` seconds old, and the machine's clock was not set since."""
        passed = time.monotonic() - self.at
        return passed <= longest and abs(machine() - self.machine - passed) < MOST_SET_SECONDS


class StoreClock:
    """Compares the machine's clock with the store's, and gives the time of the one that all servers see."""

    def __init__(self, settings: Settings, store: Store, ambient: Ambient) -> None:
        self.tolerance = tolerance(settings.quiet_window)
        self._store = store
        self._ambient = ambient
        self._is_elsewhere = True
        self._reading: Reading | None = None
        self._judging = PerProcess(new_lock)

    def trusted(self) -> Ambient:
        """Return the ambient of those who judge or write by the time."""
        return Ambient(now=self.now, new_id=self._ambient.new_id)

    def now(self) -> datetime:
        """Return the time, by the store's clock where this machine's is too far from it.

        Raises `StoreUnavailableError` where the clocks were not compared lately and cannot be.
        """
        if self._is_elsewhere:
            self.keep_up(2 * READ_EVERY_SECONDS)
        return self._ambient.now() - timedelta(seconds=self._ambient.wrong_by)

    def keep_up(self, longest: float = READ_EVERY_SECONDS) -> None:
        """Compare the clocks by a reading of at most these seconds ago; raises `StoreUnavailableError`."""
        if not self._is_elsewhere or (self._reading and self._reading.holds(self._ambient.machine, longest=longest)):
            return
        reading = Reading.of(self._store, self._ambient.machine)
        if reading is None:
            self._is_elsewhere = False
        else:
            self._judge(reading)

    def apart(self) -> float:
        """Ask the store, and return how many seconds the clock surely differs from its clock."""
        reading = Reading.of(self._store, self._ambient.machine)
        return 0.0 if reading is None else max(0.0, abs(reading.ahead) - reading.doubt)

    def _judge(self, reading: Reading) -> None:
        is_wrong = abs(reading.ahead) - reading.doubt > self.tolerance
        with self._judging():
            if is_wrong != bool(self._ambient.wrong_by):
                self._log(reading.ahead, is_wrong=is_wrong)
            self._ambient.wrong_by = reading.ahead if is_wrong else 0.0
            self._reading = reading

    def _log(self, ahead: float, *, is_wrong: bool) -> None:
        if is_wrong:
            _log.critical(
                "clock_wrong seconds=%+.1f tolerance=%.1f; sessions and access tokens go by the store's clock until"
                " this machine's agrees with it",
                ahead,
                self.tolerance,
            )
        else:
            _log.warning("clock_right seconds=%+.1f; this machine's clock agrees with the store's again", ahead)
