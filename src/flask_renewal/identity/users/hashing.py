"""Where passwords are hashed: one at a time in each process, and with a bounded line before it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ...ground.errors import TooManyRequestsError
from ...ground.per_process import PerProcess, new_lock

FEWEST_PLACES = 6
"""Of the eight threads that a server has at least, of which some may not have been started yet."""
RETRY_AFTER_SECONDS = 5

Answer = TypeVar("Answer")


class _Line:
    """Those of one process who hold a place."""

    def __init__(self) -> None:
        self.inside = 0
        self.of: Counter[str] = Counter()
        self.counting, self.hashing = new_lock(), new_lock()

    def count(self, source: str | None, change: int) -> None:
        self.inside += change
        if source is not None:
            self.of[source] += change
            self.of += Counter()  # forgets whom it counts no more


class Hashing:
    """Keeps a flood of sign-ins from starving the other requests of the same process.

    A sign-in holds a thread of the server until its hash is computed, so sign-ins get three in four of the threads, and
    who comes then is refused. No source of them gets more than two in three of those: one alone keeps nobody else out,
    and four people of one office sign in at once.
    """

    def __init__(self) -> None:
        self._line = PerProcess(_Line)

    @contextmanager
    def place(self, source: str | None = None) -> Iterator[None]:
        """Hold a place in the line; raise `TooManyRequestsError` at once if none is left for who comes from there."""
        line = self._line()
        with line.counting:
            places = max(FEWEST_PLACES, threading.active_count() * 3 // 4)
            if line.inside >= places or (source is not None and line.of[source] >= places * 2 // 3):
                raise TooManyRequestsError(retry_after=RETRY_AFTER_SECONDS)
            line.count(source, 1)
        try:
            yield
        finally:
            with line.counting:
                line.count(source, -1)

    def compute(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns; one is computed at a time.

        One, because a server has a process for each core or more; with one per core in each of them the hashes were in
        each other's caches, and beside a flood of sign-ins the slowest 1 % of the others took three times as long.
        """
        with self._line().hashing:
            return work()
