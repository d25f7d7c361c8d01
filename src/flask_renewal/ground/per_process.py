"""What each process must have of its own: locks, counts, connections, which a fork copies in whatever state they are.

Nothing here starts a thread or opens a connection.
"""

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class PerProcess(Generic[Made]):
    """Makes something at its first use in each process.

    A lock that a thread held at a fork would stay held in the child, where that thread is not; and one that was made
    before gevent or eventlet put theirs in its place would stop every greenlet instead of the one that waits.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: dict[int, Made] = {}
        self._making: dict[int, threading.Lock] = {}

    def __call__(self) -> Made:
        """Return that of this process; of several threads that come first at once, one makes it for all."""
        process = os.getpid()
        if process not in self._made:
            with self._making.setdefault(process, new_lock()):
                if process not in self._made:
                    self._made[process] = self._make()
        return self._made[process]


def new_lock() -> threading.Lock:
    """Make a lock of the kind that `threading` has by now: that of greenlets, once gevent or eventlet are there."""
    return threading.Lock()
