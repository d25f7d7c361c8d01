"""The way to the SQL database: one statement at a time, each its own transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, Executable, Row, TypeDecorator, event, exc
from sqlalchemy.pool import ConnectionPoolEntry

from ..errors import StoreUnavailableError

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
    reader ever has to become a writer.
    """

    def __init__(self, engine: Engine) -> None:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Execute one statement and return its rows, if it has any.

        Raises `StoreUnavailableError` where the database is away, busy, full or read-only; integrity errors are
        SQLAlchemy's own.
        """
        try:
            with self._engine.connect() as connection:
                result = connection.execute(statement, values)
                return result.all() if result.returns_rows else []
        except (exc.IntegrityError, exc.ProgrammingError, exc.DataError):
            raise
        except (exc.DBAPIError, exc.TimeoutError) as error:
            raise StoreUnavailableError from error


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Let readers go on while one writes; wait for other writers; lose no commit when the power goes.

    With ``synchronous = NORMAL`` a power failure could take back a rotation whose token was already handed out, and
    the session would be judged reused afterwards.
    """
    for pragma in (f"busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
