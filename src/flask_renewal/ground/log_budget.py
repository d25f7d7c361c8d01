"""How many lines strangers may cause in the log: the first few of a minute, and later how many there were besides."""

import time
from collections.abc import Callable

LINES_A_MINUTE = 10
"""Of each kind, in each process."""
_MINUTE_SECONDS = 60.0


class LogBudget:
    """What is left for each kind of line.

    Of two threads at once one may write a line too many: a lock could be held for ever in a process that was forked.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._now = now
        self._minutes: dict[str, _Minute] = {}

    def spend(self, kind: str) -> int | None:
        """Return how many lines of this kind were left out since the last one, or ``None`` for one more.

        `kind` is one of few, and never what a client sends.
        """
        now, minute = self._now(), self._minutes.get(kind)
        if minute is None:
            minute = self._minutes[kind] = _Minute(now)
        elif now - minute.began >= _MINUTE_SECONDS:
            minute.began, minute.written = now, 0
        if minute.written >= LINES_A_MINUTE:
            minute.left_out += 1
            return None
        minute.written += 1
        left_out, minute.left_out = minute.left_out, 0
        return left_out


class _Minute:
    def __init__(self, began: float) -> None:
        self.began, self.written, self.left_out = began, 0, 0
