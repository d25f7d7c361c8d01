"""Where passwords are hashed: one at a time, behind everything else, and with a bounded line before it."""

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from .errors import TooManyRequestsError

FEWEST_PLACES = 3
"""Of the four threads that a server has at least; with one thread each sign-in comes alone."""
RUSH_SECONDS, RUSH_EVERY_SECONDS = 2, 300
RETRY_AFTER_SECONDS = 5
NICENESS = 10
"""A tenth of the share of others, who gain nothing by 19, with which a hash on a busy machine takes seconds."""

Answer = TypeVar("Answer")
Tasks = SimpleQueue[tuple[Callable[[], Any], SimpleQueue[Any]] | None]


class Hashing:
    """Keeps a flood of sign-ins from starving the other requests of the same process.

    A sign-in holds a thread of the server until its hash is computed, so sign-ins get three in four of the threads, and
    who comes then is refused. How many threads a server has it tells nobody: those are counted that sign-ins came on.
    A rush is no flood: for 2 seconds in 5 minutes, which no percentile up to the 99th can feel, everybody is let in.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._inside = 0
        self._threads: set[int] = set()
        self._rush_began = -float("inf")
        self._tasks: Tasks | None = None
        self._forked_as = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place in the line; raise `TooManyRequestsError` at once if none is left."""
        with self._lock:
            self._threads.add(threading.get_ident())
            if self._inside >= max(FEWEST_PLACES, len(self._threads) * 3 // 4) and self._is_flood():
                raise TooManyRequestsError(retry_after=RETRY_AFTER_SECONDS)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    def _is_flood(self) -> bool:
        """Say whether the rush is too long for one; the first in a while begins now."""
        now = self._clock()
        if now - self._rush_began > RUSH_EVERY_SECONDS:
            self._rush_began = now
        return now - self._rush_began > RUSH_SECONDS

    def compute(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` returns; one is computed at a time, on a thread that lets others go first.

        One, because a server has a process for each core or more; with one per core in each of them the hashes were in
        each other's caches, and beside a flood of sign-ins the slowest 1 % took three times as long instead of 1.6.

        That thread does nothing else: one that serves requests would have lost its priority for good, which only the
        privileged can raise again. It is kept, because a new one has the memory of each hash laid out anew, which takes
        5 % of it. And it is handed a task, and hands back the answer, by the shortest way: while it holds the
        interpreter, at its low priority, all other threads of the process wait.
        """
        done: SimpleQueue[tuple[Answer | None, Exception | None]] = SimpleQueue()
        self._tasks_of_this_process().put((work, done))
        answer, error = done.get()
        if error is not None:
            raise error
        return cast(Answer, answer)

    def _tasks_of_this_process(self) -> Tasks:
        """Return where the thread that hashes finds its tasks; a fork has none, and starts its own."""
        with self._lock:
            if self._tasks is None or self._forked_as != os.getpid():
                tasks: Tasks = SimpleQueue()
                threading.Thread(target=_work, args=(tasks,), name="hashing", daemon=True).start()
                weakref.finalize(self, tasks.put, None)
                self._tasks, self._forked_as = tasks, os.getpid()
            return self._tasks


def _work(tasks: Tasks) -> None:
    _let_others_go_first()
    while (task := tasks.get()) is not None:
        work, done = task
        try:
            done.put((work(), None))
        except Exception as error:
            done.put((None, error))
        del task, work, done  # a thread that waits keeps nothing alive


def _let_others_go_first() -> None:
    """Lower the priority of this thread, where threads have one of their own: on Linux (sched(7)).

    As a batch it does not interrupt a thread that serves when it wakes up: without that the slowest 1 % of what ran
    beside it took half as long again, now and then ten times as long.
    """
    thread = threading.get_native_id()
    if sys.platform == "linux" and thread != os.getpid():  # under gevent a thread is none, and this one serves requests
        with suppress(OSError):  # a sandbox forbids it
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)
            os.sched_setscheduler(thread, os.SCHED_BATCH, os.sched_param(0))
