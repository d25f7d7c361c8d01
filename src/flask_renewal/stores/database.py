"""The way to the SQL database: one statement at a time, each its own transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timezone
from functools import partial
from typing import Any, NoReturn, TypeVar

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Executable,
    Insert,
    Row,
    TypeDecorator,
    UpdateBase,
    event,
    exc,
    func,
)

from ..errors import StoreUnavailableError
from . import sqlite
from .connections import Connections, Kept
from .inherited import leave_to_parent
from .prepared import Execute, Prepared, Process, execute

Statement = TypeVar("Statement", bound=Executable)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time, on databases that keep no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Process | None:
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Process | None:
        return _from_text if dialect.name == "sqlite" else _in_utc


def _text(value: datetime | None) -> str | None:
    """Write a time as SQLAlchemy does for SQLite, in a third of the time."""
    return None if value is None else value.astimezone(timezone.utc).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def _in_utc(value: datetime | None) -> datetime | None:
    """PostgreSQL returns times in the zone that the server or the role is set to."""
    return None if value is None else value.astimezone(timezone.utc)


class Database:
    """Runs single statements on an engine that a host application may share.

    Each statement commits by itself, on a connection of its own: it takes part in no transaction of the host, holds
    no lock when it returns, and on SQLite takes the write lock at its start, as ``BEGIN IMMEDIATE`` would, so no
    reader ever has to become a writer.
    """

    def __init__(self, engine: Engine) -> None:
        self.is_elsewhere = engine.dialect.name != "sqlite"
        if not self.is_elsewhere:
            event.listen(engine, "connect", sqlite.set_up)
        leave_to_parent(engine)
        self._line = None if self.is_elsewhere else sqlite.Line()
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connections = Connections(engine, set_up=None if self.is_elsewhere else sqlite.keep)
        self._prepared: dict[Executable, Prepared] = {}

    def prepare(self, statement: Statement, *, durable: bool = True) -> Statement:
        """Let this statement, which is built once and run often, go to the driver by a shorter way.

        An update that is not `durable` does not wait for the disk, and may be lost when the power fails.
        """
        if not durable:
            statement = self.hasty(statement)
        self._prepared[statement] = Prepared(statement, self._engine.dialect, self._way_of(statement, durable=durable))
        return statement

    def hasty(self, change: Any) -> Any:
        """Return an update or a deletion for which PostgreSQL does not wait for the disk.

        It may be lost when the power fails.
        """
        if self._engine.dialect.name != "postgresql":
            return change
        return change.where(func.set_config("synchronous_commit", "off", True) == "off")

    def _way_of(self, statement: Executable, *, durable: bool) -> Execute:
        if self._line is None:
            return execute
        return partial(self._line.write, durable=durable) if isinstance(statement, UpdateBase) else sqlite.execute

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
        kept = None if prepared is None or self._somebody_listens() else self._connections.take()
        if prepared is not None and kept is not None:
            return self._run_on(kept, prepared, values or {})
        with self._turn(statement), self._engine.connect() as connection:
            if self.is_elsewhere and isinstance(statement, Insert):
                connection.exec_driver_sql("SELECT 1")  # finds a dead connection: an insertion must not be tried twice
            result = connection.execute(statement, values)
            return result.all() if result.returns_rows else []

    def _run_on(self, kept: Kept, prepared: Prepared, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        try:
            rows = prepared.run(kept.connection, values)
        except BaseException as error:  # whatever it was: nobody else gets a connection in this state
            self._connections.close(kept, died=isinstance(error, exc.DBAPIError) and error.connection_invalidated)
            raise
        self._connections.give_back(kept)
        return rows

    def _turn(self, statement: Executable) -> AbstractContextManager[None]:
        if self._line is None or not isinstance(statement, UpdateBase):
            return nullcontext()
        return self._line.turn()

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
