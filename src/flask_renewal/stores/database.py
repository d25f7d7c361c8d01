"""The way to the SQL database: one statement at a time, each its own transaction."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Engine,
    Executable,
    Insert,
    Row,
    Table,
    Update,
    UpdateBase,
    delete,
    exc,
    select,
    update,
)

from ..ground.errors import StoreError, StoreUnavailableError
from .connections import Connections
from .dialect import Dialect, locked
from .failures import Failures
from .inherited import leave_to_parent
from .mysql import MySQL
from .postgresql import PostgreSQL
from .prepared import Prepared
from .sqlite import SQLite
from .versions import Versions

Answer = TypeVar("Answer")
Statement = TypeVar("Statement", bound=Executable)
Values = Mapping[str, Any]

_DIALECTS: Mapping[str, type[Dialect]] = {
    "sqlite": SQLite,
    "postgresql": PostgreSQL,
    "mysql": MySQL,
    "mariadb": MySQL,
}


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
        in_place: Callable[[], object] = lambda: None,
    ) -> None:
        """Let `make_tables` say what is to be done where tables are missing.

        `has_written` says whether whoever asks has a transaction of the host's open that has written; `in_place`
        returns what the host has in its engine's place.
        """
        self.name = engine.dialect.name
        self.quote = engine.dialect.identifier_preparer.quote
        """Makes the name of a table one that may stand in a statement."""
        self.dialect = _DIALECTS.get(self.name, Dialect)()
        self.dialect.set_up_hosts(engine)
        leave_to_parent(engine)
        self._connections = Connections(engine, self.dialect, in_place)
        self.versions = Versions(engine.dialect)
        self._prepared: dict[Executable, Prepared | None] = {}
        self._readings: dict[Executable, Executable] = {}
        self._favours: set[Executable] = set()
        self._failures = Failures(self.dialect, make_tables)
        self._has_written = has_written

    def prepare(self, statement: Statement) -> Statement:
        """Let this statement, which is built once and run often, go to the driver by a shorter way."""
        self._prepared[statement] = None
        return statement

    def prepare_change(
        self, change: Update, columns: Sequence[Any], *, of: ColumnElement[bool], is_favour: bool = False
    ) -> Update:
        """Prepare the change `of` a row, which returns these columns of it as it is then.

        A favour may as well be left out: it waits for a lock no longer than `FAVOUR_WAITS_MS`, and on most engines not
        for the disk, so that it may be lost when the power fails.
        """
        change = self.dialect.favour(change, of) if is_favour else change.where(of)
        if self.dialect.changes_in_one_statement:
            change = change.returning(*columns)
        else:
            self._readings[change] = select(*columns).where(of)
        if is_favour:
            self._favours.add(change)
        return self.prepare(change)

    def run(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        """Execute one statement and return its rows, if it has any.

        Raises `StoreUnavailableError` where the database is away, busy, full, read-only or without its tables, and
        `StoreRefusedError` where it refuses this statement for good.
        """
        return self._telling(statement, partial(self._send, statement, values or {}))

    def look_up(self, query: Executable, values: Values) -> Sequence[Row[Any]]:
        """Return the rows that have a text from outside; none where their table's alphabet lacks it. Else as `run`."""
        return self._telling(query, partial(self._held, query, values))

    def change(self, change: UpdateBase) -> int:
        """Execute one statement and return how many rows it has changed; raises as `run` does."""
        return int(self._telling(change, partial(self._execute, change, {}, attrgetter("rowcount"))))

    def change_all(self, table: Table, which: ColumnElement[bool], values: Values) -> Sequence[Row[Any]]:
        """Change rows, all of them or none, and return those that were, as they are now; raises as `run` does."""
        if self.dialect.changes_in_one_statement:
            return self.run(update(table).where(which).values(values).returning(table))
        return self._telling(update(table), partial(self._change_locked, table, which, values))

    def delete_free(self, table: Table, which: ColumnElement[bool]) -> None:
        """Delete those of these rows that nobody holds, without a wait for the disk if that can be; raises as `run`."""
        if self.dialect.changes_in_one_statement:
            self.run(self.dialect.deletion(table, which))
        else:
            self._telling(delete(table), partial(self._delete_free, table, which))

    def insert(self, insertion: Insert, values: Values, *, unless: Callable[[], bool]) -> Row[Any] | None:
        """Add a row and return its primary key; ``None`` where `unless` explains why the database has refused that.

        Raises as `run` does.
        """
        rows = self._adding(partial(self._act, insertion, partial(self._send, insertion, values)), unless=unless)
        return None if rows is None else rows[0]

    def add_by(self, add: Callable[[], Answer], *, unless: Callable[[], bool]) -> Answer | None:
        """Let the host add rows by a session of its own, which commits; as `insert`."""
        return self._adding(partial(self._connections.alone, add), unless=unless)

    def _adding(self, add: Callable[[], Answer], *, unless: Callable[[], bool]) -> Answer | None:
        try:
            self._check_turn()
            return add()
        except exc.SQLAlchemyError as error:
            if not isinstance(error, exc.IntegrityError) or not unless():
                raise self._failures.refusal(error) from None
            return None

    def refusal(self, why: str) -> StoreError:
        """Return what to raise where a statement cannot be; the log says why, once a minute."""
        return self._failures.refusal(exc.InvalidRequestError(why))

    def _telling(self, statement: Executable, send: Callable[[], Answer]) -> Answer:
        try:
            return self._act(statement, send)
        except exc.SQLAlchemyError as error:
            if statement in self._favours and self._is_busy(error):
                raise StoreUnavailableError from None
            raise self._failures.refusal(error) from None  # its text may hold what was to be written

    def _is_busy(self, error: exc.SQLAlchemyError) -> bool:
        """Say whether others have for too long what the statement was to have: a lock, a turn, a connection."""
        if isinstance(error, exc.DBAPIError):
            return self.dialect.says_it_is_busy(error)
        return isinstance(error, exc.TimeoutError)

    def _act(self, statement: Executable, send: Callable[[], Answer]) -> Answer:
        """Execute on SQLAlchemy's terms.

        A statement whose connection had died idle is tried again on a new one, and so is one that gave way to another;
        should the first try have got through, the second one of a compare-and-swap does nothing.
        """
        writes, is_favour = isinstance(statement, UpdateBase), statement in self._favours
        if writes and not is_favour:
            self._check_turn()
        act = partial(self.dialect.act, send, writes=writes, is_favour=is_favour)
        try:
            return act()
        except UnicodeEncodeError as error:
            raise exc.InvalidRequestError(f"the database's {error.encoding} lacks a character: make it UTF8") from None
        except exc.DBAPIError as error:
            if not error.connection_invalidated and self.dialect.code_of(error) not in self.dialect.gave_way:
                raise
        return act()

    def _check_turn(self) -> None:
        """Raise at once where to wait were in vain."""
        if self.dialect.has_one_writer and self._has_written() and not self._connections.are_shared:
            raise exc.InvalidRequestError("this request has written to the SQLite database itself: commit that first")

    def _send(self, statement: Executable, values: Values) -> Sequence[Row[Any]]:
        own = self._connections.own()
        if own is None or statement not in self._prepared:
            return self._execute(statement, values, _rows)
        return (self._prepared[statement] or self._compiled(statement, own)).run(own, values)

    def _held(self, query: Executable, values: Values) -> Sequence[Row[Any]]:
        try:
            return self._send(query, values)
        except UnicodeEncodeError:  # the driver's, before it has sent anything
            return []
        except exc.DBAPIError as error:
            if self.dialect.code_of(error) not in self.dialect.cannot_hold:
                raise
            return []

    def _execute(self, statement: Executable, values: Values, read: Callable[[Any], Answer]) -> Answer:
        with self._connections.lend() as connection:
            if self.dialect.is_elsewhere and isinstance(statement, Insert):
                connection.exec_driver_sql("SELECT 1")  # finds a dead one: an insertion must not be tried twice
            self.versions.see(connection.dialect)
            is_own = self._connections.own() is not None
            with nullcontext() if is_own else self.dialect.impatient(connection):
                result = connection.execute(statement, values)
            if statement in self._readings and result.rowcount:
                result = connection.execute(self._readings[statement], values)
            return read(result)

    def _change_locked(self, table: Table, which: ColumnElement[bool], values: Values) -> Sequence[Row[Any]]:
        with self._connections.transact() as connection:
            these = table.c.id.in_(connection.scalars(locked(table, which)).all())
            if not connection.execute(update(table).where(these).values(values)).rowcount:
                return []
            return connection.execute(select(table).where(these)).all()

    def _delete_free(self, table: Table, which: ColumnElement[bool]) -> None:
        with self._connections.transact() as connection:
            free = connection.scalars(locked(table, which, skip_locked=True)).all()
            connection.execute(delete(table).where(table.c.id.in_(free)))

    def _compiled(self, statement: Executable, own: Engine) -> Prepared:
        with own.connect() if self.dialect.is_elsewhere else nullcontext():  # by then it is known what it is
            self.versions.see(own.dialect)
            around = self.dialect.around_favours if statement in self._favours else None
            reading = Prepared(self._readings[statement], own.dialect) if statement in self._readings else None
            prepared = Prepared(statement, own.dialect, around=around, reading=reading)
        self._prepared[statement] = prepared
        return prepared


def _rows(result: Any) -> Sequence[Row[Any]]:
    if result.is_insert:
        return [cast(Row[Any], result.inserted_primary_key)]
    return cast(Sequence[Row[Any]], result.all() if result.returns_rows else [])
