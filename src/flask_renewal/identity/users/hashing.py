"""Where passwords are hashed: one at a time in each process, and with a bounded line before it."""

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from ...ground.errors import TooManyRequestsError
from ...ground.per_process import PerProcess, new_lock

FEWEST_PLACES = 6
"""Of the eight threads that a server has at least, of which some may not have been started yet."""
RETRY_AFTER_SECONDS = 5

Answer = TypeVar("Answer")
Observe = Callable[[float], object]
"""Hears of seconds."""


class _Worker:
    """The one thread of a process that computes hashes.

    glibc keeps for a thread what the thread has freed, and a hash takes 19 MiB: with 128 threads that compute in turn
    some 300 MiB stayed with a process on two cores, and four times that on eight.
    """

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="flask-renewal-hashing", daemon=True).start()

    def compute(self, work: Callable[[], Answer]) -> Answer:
        """Let the thread do this, and return what it returns, or raise what it raises."""
        answer: Future[Answer] = Future()
        self._asked.put((work, answer))
        return answer.result()

    def _work(self) -> None:
        while True:
            work, answer = self._asked.get()
            try:
                answer.set_result(work())
            except BaseException as error:  # whoever has asked is to have it, and the thread goes on
                answer.set_exception(error)
            del work, answer  # which hold a password


_worker = PerProcess(_Worker)
"""One for all applications of a process."""


class _Line:
    """Those of one process who hold a place."""

    def __init__(self) -> None:
        self.inside = 0
        self.of: Counter[str] = Counter()
        self.counting, self.hashing = new_lock(), new_lock()
        self.worker = _worker()

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

    def __init__(self, *, tell: Callable[..., None] | None = None, observe: Observe | None = None) -> None:
        """Let `tell` hear of each refusal, and `observe` of the seconds that each hash took, the wait included."""
        self._line = PerProcess(_Line)
        self._tell, self._observe = tell, observe

    @contextmanager
    def place(self, source: str | None = None) -> Iterator[None]:
        """Hold a place in the line; raise `TooManyRequestsError` at once if none is left for who comes from there."""
        line = self._line()
        with line.counting:
            places = max(FEWEST_PLACES, (threading.active_count() - 1) * 3 // 4)  # without the one that hashes
            if line.inside >= places or (source is not None and line.of[source] >= places * 2 // 3):
                raise self._refusal()
            line.count(source, 1)
        try:
            yield
        finally:
            with line.counting:
                line.count(source, -1)

    def _refusal(self) -> TooManyRequestsError:
        if self._tell is not None:
            self._tell(counted_by="hashing")
        return TooManyRequestsError(retry_after=RETRY_AFTER_SECONDS)

    def compute(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns, which a thread of its own does; one is computed at a time.

        One, because a server has a process for each core or more; with one per core in each of them the hashes were in
        each other's caches, and beside a flood of sign-ins the slowest 1 % of the others took three times as long.
        """
        line, began = self._line(), time.perf_counter()
        with line.hashing:
            answer = line.worker.compute(work)
        if self._observe is not None:
            self._observe(time.perf_counter() - began)
        return answer

    def compute_here(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns in this very thread, for it is a host's own; one at a time with all others."""
        with self._line().hashing:
            return work()
