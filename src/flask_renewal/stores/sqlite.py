"""SQLite as a server needs it: readers beside a writer, writers in a line, and no commit lost."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry

from ..errors import StoreUnavailableError
from ..per_process import PerProcess, new_lock

BUSY_TIMEOUT_MS = 10_000

_PAUSE_SECONDS = 0.0005
"""Between two tries; a write takes 0.2 ms."""


def set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Let readers go on while one writes; wait for other writers; lose no commit when the power goes.

    With ``synchronous = NORMAL`` a power failure could take back a rotation whose token was already handed out, and
    the session would be judged reused afterwards.
    """
    for pragma in (f"busy_timeout = {BUSY_TIMEOUT_MS}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def keep(connection: sqlite3.Connection) -> None:
    """Let a connection of the store's own say at once that the file is locked: `execute` waits better.

    Left to SQLite's own waiting, a process whose writer sleeps is overtaken by the others many times, and the slowest
    of its clients waits for long.
    """
    connection.execute("PRAGMA busy_timeout = 0").close()


class Line:
    """The threads of one process that want to write, one at a time.

    SQLite itself lets them sleep and try again, up to 100 ms at a time, and the slowest of a hundred waited 20 times
    as long.
    """

    def __init__(self) -> None:
        self._writing = PerProcess(new_lock)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other thread writes; raises `StoreUnavailableError` after `BUSY_TIMEOUT_MS`."""
        writing = self._writing()
        if not writing.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise StoreUnavailableError
        try:
            yield
        finally:
            writing.release()

    def write(self, cursor: sqlite3.Cursor, text: str, bound: Any, *, durable: bool = True) -> Sequence[Sequence[Any]]:
        """Execute a write on a kept connection when it is its turn, and return its rows.

        One that is not `durable` does not wait for the disk, and may be gone after a power failure.
        """
        if not durable:
            cursor.execute("PRAGMA synchronous = NORMAL")
        with self.turn():
            rows = execute(cursor, text, bound)
        if not durable:
            cursor.execute("PRAGMA synchronous = FULL")
        return rows


def execute(cursor: sqlite3.Cursor, text: str, bound: Any) -> Sequence[Sequence[Any]]:
    """Execute on a connection that was `kept`, trying again while another process has the file; return the rows.

    Raises `sqlite3.OperationalError` after `BUSY_TIMEOUT_MS`.
    """
    last = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            return cursor.execute(text, bound).fetchall()
        except sqlite3.OperationalError as error:
            if str(error) != "database is locked" or time.monotonic() > last:
                raise
        time.sleep(_PAUSE_SECONDS)
