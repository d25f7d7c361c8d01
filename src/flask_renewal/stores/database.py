"""The way to the SQL database: one statement at a time, each its own transaction."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, NoReturn, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, Executable, Insert, Row, TypeDecorator, UpdateBase, event, exc
from sqlalchemy.pool import ConnectionPoolEntry

from ..errors import StoreUnavailableError
from .prepared import Prepared

Statement = TypeVar("Statement", bound=Executable)

SQLITE_BUSY_TIMEOUT_MS = 10_000


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time, on databases that keep no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=timezone.utc)


class Database:
    """Runs single statements on an engine that a host application may share.

    Each statement commits by itself, on a connection of its own: it takes part in no transaction of the host, holds
    no lock when it returns, and on SQLite takes the write lock at its start, as ``BEGIN IMMEDIATE`` would, so no
    reader ever has to become a writer. There the threads of one process also queue up to write: SQLite itself lets
    them sleep and try again, up to 100 ms at a time, and the slowest of a hundred waited 20 times as long.
    """

    def __init__(self, engine: Engine) -> None:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        self._writing = threading.Lock() if engine.dialect.name == "sqlite" else None
        self.is_elsewhere = engine.dialect.name != "sqlite"
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._prepared: dict[Executable, Prepared] = {}

    def prepare(self, statement: Statement) -> Statement:
        """Let this statement, which is built once and run often, go to the driver by a shorter way."""
        self._prepared[statement] = Prepared(statement, self._engine)
        return statement

    def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Execute one statement and return its rows, if it has any.

        One whose connection had died idle is tried again on a new one; should the first try have got through, the
        second one of a compare-and-swap does nothing. Raises `StoreUnavailableError` where the database is away, busy,
        full, read-only or without its tables; integrity errors are SQLAlchemy's own.
        """
        try:
            return self._execute(statement, values)
        except exc.DBAPIError as error:
            if not error.connection_invalidated:
                _refuse(error)
        except exc.TimeoutError as error:
            raise StoreUnavailableError from error
        try:
            return self._execute(statement, values)
        except (exc.DBAPIError, exc.TimeoutError) as error:
            _refuse(error)

    def _execute(self, statement: Executable, values: Mapping[str, Any] | None) -> Sequence[Row[Any]]:
        prepared = self._prepared.get(statement)
        if prepared is not None and not self._somebody_listens():
            with self._turn(statement):
                return prepared.run(values or {})
        with self._turn(statement), self._engine.connect() as connection:
            if self.is_elsewhere and isinstance(statement, Insert):
                connection.exec_driver_sql("SELECT 1")  # finds a dead connection: an insertion must not be tried twice
            result = connection.execute(statement, values)
            return result.all() if result.returns_rows else []

    @contextmanager
    def _turn(self, statement: Executable) -> Iterator[None]:
        """Wait until no other thread writes, as long as SQLite would wait for another process."""
        if self._writing is None or not isinstance(statement, UpdateBase):
            yield
        elif self._writing.acquire(timeout=SQLITE_BUSY_TIMEOUT_MS / 1000):
            try:
                yield
            finally:
                self._writing.release()
        else:
            raise StoreUnavailableError

    def _somebody_listens(self) -> bool:
        """Say whether statements are logged or traced, which SQLAlchemy does on its own way only."""
        heard = self._engine.dispatch
        return bool(self._engine.echo or heard.before_cursor_execute or heard.after_cursor_execute)


def _refuse(error: exc.DBAPIError | exc.TimeoutError) -> NoReturn:
    if isinstance(error, exc.ProgrammingError | exc.OperationalError) and _lacks_tables(error):
        raise StoreUnavailableError(
            "The tables of sessions are missing or out of date; run flask --app wsgi db upgrade."
        ) from error
    if isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError):
        raise error
    raise StoreUnavailableError from error


def _lacks_tables(error: exc.DBAPIError) -> bool:
    """Say whether PostgreSQL knows no such table or column, or SQLite does not."""
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in ("42P01", "42703") or str(error.orig).startswith(("no such table", "no such column"))


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Let readers go on while one writes; wait for other writers; lose no commit when the power goes.

    With ``synchronous = NORMAL`` a power failure could take back a rotation whose token was already handed out, and
    the session would be judged reused afterwards.
    """
    for pragma in (f"busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
