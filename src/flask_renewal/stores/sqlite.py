"""SQLite as a server needs it: readers beside a writer, writers in a line, and no commit lost."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, event, exc
from sqlalchemy.orm import scoped_session
from sqlalchemy.pool import ConnectionPoolEntry

from ..ground.per_process import PerProcess, new_lock
from .dialect import FAVOUR_WAITS_MS, Answer, Dialect

BUSY_TIMEOUT_MS = 10_000

_PAUSE_SECONDS = 0.0005
"""Between two tries; a write takes 0.2 ms."""


class SQLite(Dialect):
    """A file on this machine, or a database in memory."""

    keeps_sessions = True
    is_elsewhere = False
    has_one_writer = True
    changes_in_one_statement = True
    paramstyle = "named"
    around_favours = ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL")

    def __init__(self) -> None:
        self._writing = PerProcess(new_lock)

    def set_up_hosts(self, engine: Engine) -> None:
        """Let the host's connections be private, and its readers go on beside a writer."""
        event.listen(engine, "do_connect", make_private)
        event.listen(engine, "connect", set_up)

    def set_up(self, connection: sqlite3.Connection) -> None:
        """Let a connection of the store's say at once that the file is locked."""
        be_impatient(connection)

    def impatient(self, connection: Connection) -> AbstractContextManager[None]:
        """Let one of the host's do so for a while."""
        return impatient(connection)

    def act(self, send: Callable[[], Answer], *, writes: bool, is_favour: bool) -> Answer:
        """Let the threads of this process write one at a time, and wait for other processes here.

        SQLite itself lets them sleep and try again, up to 100 ms at a time, and the slowest of a hundred waited 20
        times as long. Raises SQLAlchemy's errors where others write for too long.
        """
        longest = (FAVOUR_WAITS_MS if is_favour else BUSY_TIMEOUT_MS) / 1000  # seconds
        until = time.monotonic() + longest
        if not writes:
            return patiently(send, until=until)
        writing = self._writing()
        if not writing.acquire(timeout=longest):
            raise exc.TimeoutError("other threads wrote for too long")
        try:
            return patiently(send, until=until)
        finally:
            writing.release()

    def says_tables_are_missing(self, error: exc.DBAPIError) -> bool:
        """Say whether there is no such table or no such column: it has one code for many errors."""
        return any(words in str(error.orig) for words in ("no such table", "no such column", "has no column named"))

    def says_it_is_busy(self, error: exc.DBAPIError) -> bool:
        """Say whether somebody else has the file."""
        return is_locked(error)


def make_private(_: object, __: ConnectionPoolEntry | None, names: tuple[str, ...], options: dict[str, Any]) -> None:
    """Before SQLite would, make a file that nobody else on the machine may read; its journals get the same mode."""
    path = names[0] if names else ""
    if path not in ("", ":memory:") and not options.get("uri"):
        with suppress(OSError):  # it is there already, and is somebody's, or SQLite will say what is wrong with it
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Let readers go on while one writes; wait for other writers; lose no commit when the power goes.

    With ``synchronous = NORMAL`` a power failure could take back a rotation whose token was already handed out, and
    the session would be judged reused afterwards.
    """
    for pragma in (f"busy_timeout = {BUSY_TIMEOUT_MS}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def be_impatient(connection: sqlite3.Connection) -> None:
    """Let a connection say at once that the file is locked, for `patiently` waits better.

    Left to SQLite's own waiting, a process whose writer sleeps is overtaken by the others many times, and the slowest
    of its clients waits for long.
    """
    connection.execute("PRAGMA busy_timeout = 0").close()


@contextmanager
def impatient(connection: Connection) -> Iterator[None]:
    """Let a connection of the host's be so for a while."""
    driver: Any = connection.connection.dbapi_connection
    before = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    be_impatient(driver)
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {before}").close()


def has_written(sessions: scoped_session[Any], engine: Engine) -> bool:
    """Say whether whoever asks has a session open that has written here and not committed: to wait were in vain.

    Where the host begins its transactions itself, nobody can tell a writer from a reader.
    """
    if not sessions.registry.has() or not sessions().in_transaction() or not sessions().is_active:
        return False
    driver: Any = sessions().connection(bind_arguments={"bind": engine}).connection.dbapi_connection
    return driver.isolation_level is not None and bool(driver.in_transaction)


def is_locked(error: exc.DBAPIError) -> bool:
    """Say whether somebody else has the file."""
    return str(error.orig) == "database is locked"


def patiently(act: Callable[[], Answer], *, until: float) -> Answer:
    """Do something again and again while another process, or a host's transaction, has the file.

    Raises SQLAlchemy's `OperationalError` at a time of the monotonic clock.
    """
    while True:
        try:
            return act()
        except exc.OperationalError as error:
            if not is_locked(error) or time.monotonic() > until:
                raise
        time.sleep(_PAUSE_SECONDS)
