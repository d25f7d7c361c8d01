"""The way to the SQL database: one statement at a time, each its own transaction."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timezone
from functools import partial
from typing import Any, TypeVar, cast

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

from ..ground.errors import StoreUnavailableError
from . import sqlite
from .connections import Connections
from .failures import Failures, is_busy
from .inherited import leave_to_parent
from .prepared import Prepared, Process

Statement = TypeVar("Statement", bound=Executable)

FAVOUR_WAITS_MS = 50
"""The longest wait for a lock of a statement that may as well be left out."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time, on databases that keep no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Process | None:
        """Return what makes a time a value of the database; SQLAlchemy asks."""
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Process | None:
        """Return what makes a value of the database a time in UTC; SQLAlchemy asks."""
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
    """Runs single statements on the database of an engine that a host application may use, too.

    Each statement commits by itself: it takes part in no transaction of the host, holds no lock when it returns, and on
    SQLite takes the write lock at its start, as ``BEGIN IMMEDIATE`` would, so no reader ever has to become a writer.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        make_tables: Callable[[], str] = lambda: "call create_all()",
        has_written: Callable[[], bool] = lambda: False,
    ) -> None:
        """Let `make_tables` say what is to be done where tables are missing.

        `has_written` says whether whoever asks has a transaction of the host's open that has written.
        """
        self.is_elsewhere = engine.dialect.name != "sqlite"
        if not self.is_elsewhere:
            event.listen(engine, "do_connect", sqlite.make_private)
            event.listen(engine, "connect", sqlite.set_up)
        leave_to_parent(engine)
        self._line = None if self.is_elsewhere else sqlite.Line()
        self._dialect = engine.dialect
        self._connections = Connections(engine, set_up=None if self.is_elsewhere else sqlite.be_impatient)
        self._prepared: dict[Executable, Prepared | None] = {}
        self._favours: set[Executable] = set()
        self._failures = Failures(make_tables)
        self._has_written = has_written

    def prepare(self, statement: Statement) -> Statement:
        """Let this statement, which is built once and run often, go to the driver by a shorter way."""
        self._prepared[statement] = None
        return statement

    def prepare_favour(self, update: Any) -> Any:
        """Prepare an update that may as well be left out.

        It waits for a lock no longer than `FAVOUR_WAITS_MS`, and not for the disk: it may be lost when the power fails.
        """
        favour = self.prepare(self.hasty(self._with_setting(update, "lock_timeout", f"{FAVOUR_WAITS_MS}ms")))
        self._favours.add(favour)
        return favour

    def hasty(self, change: Any) -> Any:
        """Return an update or a deletion for which PostgreSQL does not wait for the disk.

        It may be lost when the power fails.
        """
        return self._with_setting(change, "synchronous_commit", "off")

    def _with_setting(self, change: Any, name: str, value: str) -> Any:
        if self._dialect.name != "postgresql":
            return change
        return change.where(func.set_config(name, value, True) == value)

    def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Execute one statement and return its rows, if it has any.

        Raises `StoreUnavailableError` where the database is away, busy, full, read-only or without its tables, and
        `StoreRefusedError` where it refuses this statement for good.
        """
        try:
            return self._run(statement, values or {})
        except exc.SQLAlchemyError as error:
            if statement in self._favours and is_busy(error):
                raise StoreUnavailableError from None
            raise self._failures.refusal(error) from None  # its text may hold what was to be written

    def insert(self, insertion: Insert, values: Mapping[str, Any], *, unless: Callable[[], bool]) -> Row[Any] | None:
        """Add a row and return its primary key; ``None`` where `unless` explains why the database has refused that.

        Raises as `run` does.
        """
        try:
            return self._run(insertion, values)[0]
        except exc.SQLAlchemyError as error:
            if not isinstance(error, exc.IntegrityError) or not unless():
                raise self._failures.refusal(error) from None
            return None

    def _run(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Execute on SQLAlchemy's terms.

        A statement whose connection had died idle is tried again on a new one; should the first try have got through,
        the second one of a compare-and-swap does nothing.
        """
        try:
            return self._try(statement, values)
        except exc.DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._try(statement, values)

    def _try(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        if self._line is None:
            return self._send(statement, values)
        is_favour = statement in self._favours
        until = time.monotonic() + (FAVOUR_WAITS_MS if is_favour else sqlite.BUSY_TIMEOUT_MS) / 1000
        send = partial(self._send, statement, values)
        if not isinstance(statement, UpdateBase):
            return sqlite.patiently(send, until=until)
        if not is_favour and not self._connections.are_shared and self._has_written():
            raise exc.InvalidRequestError("this request has written to the SQLite database itself: commit that first")
        with self._line.turn(until=until):
            return sqlite.patiently(send, until=until)

    def _send(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        own = self._connections.own()
        if own is not None and statement in self._prepared:
            return self._compiled(statement, own.dialect).run(own, values)
        with self._connections.lend() as connection:
            if self.is_elsewhere and isinstance(statement, Insert):
                connection.exec_driver_sql("SELECT 1")  # finds a dead one: an insertion must not be tried twice
            with nullcontext() if self.is_elsewhere or own is not None else sqlite.impatient(connection):
                result = connection.execute(statement, values)
            if result.is_insert:
                return [cast(Row[Any], result.inserted_primary_key)]
            return result.all() if result.returns_rows else []

    def _compiled(self, statement: Executable, dialect: Dialect) -> Prepared:
        prepared = self._prepared[statement]
        if prepared is None:
            is_hasty = self._line is not None and statement in self._favours
            prepared = Prepared(statement, dialect, around=sqlite.HASTY if is_hasty else None)
            self._prepared[statement] = prepared
        return prepared
