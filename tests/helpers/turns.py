"""Tests run beside each other, in several workers; one that measures how long something takes runs alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GATE, ROOM = Path(__file__).with_name("everything.py"), Path(__file__)
"""Files that are there anyway: another run of these tests beside this one locks the same."""


@contextmanager
def turn(*, alone: bool, gate: Path = GATE, room: Path = ROOM) -> Iterator[None]:
    """Wait until a test may run; who waits to be alone keeps the gate, so that nobody else goes in meanwhile."""
    with room.open() as held:
        with gate.open() as waiting:
            fcntl.flock(waiting, fcntl.LOCK_EX)
            fcntl.flock(held, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
