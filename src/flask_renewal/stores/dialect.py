"""What engines do differently: one class for each that keeps sessions, in a module of its own beside this one."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Delete, Engine, Select, Table, Update, cast, delete, exc, select
from sqlalchemy.types import TypeEngine

FAVOUR_WAITS_MS = 50
"""The longest wait for a lock of a statement that may as well be left out."""

Answer = TypeVar("Answer")


class Dialect:
    """An engine of which no more is known than that it speaks SQL: users may be there, sessions may not."""

    keeps_sessions = False
    is_elsewhere = True
    """Whether it may be on another machine, so that it has a clock of its own and connections die idle."""
    has_one_writer = False
    """Whether a transaction that has written keeps everybody else from it."""
    changes_in_one_statement = False
    """Whether a change can return its rows, and choose them by a subquery that locks them: ``UPDATE … RETURNING``.

    Else the count of rows is the answer, and a second statement reads.
    """
    paramstyle: Literal["named", "pyformat"] | None = None
    """How a driver of it binds values by name; ``None``: maybe not at all, so that only the host's engine is used."""
    around_favours: tuple[str, str] | None = None
    """What is sent before and after a favour."""
    lacks_tables: frozenset[str] = frozenset()
    """Its codes for a table and for a column that is not there."""
    busy: frozenset[str] = frozenset()
    """Its codes for a lock that somebody else holds."""
    gave_way: frozenset[str] = frozenset()
    """Its codes for a statement that was broken off for somebody else's, and may be tried again at once."""
    for_good: frozenset[str] = frozenset()
    """Its codes for what will be refused again, though the driver takes it for trouble with the server."""
    cannot_hold: frozenset[str] = frozenset()
    """Its codes for a text that a column's alphabet lacks, so that no row has it."""
    clock: Select[Any] | None = None
    """Asks for its time, as `now`."""

    def set_up_hosts(self, engine: Engine) -> None:
        """Change what an engine of the host's does with its connections."""

    def set_up(self, connection: Any) -> None:
        """Change a connection of the driver that is to be the store's own."""

    def impatient(self, connection: Connection) -> AbstractContextManager[None]:
        """Let a connection of the host's be as the store's own for a while."""
        return nullcontext()

    def act(self, send: Callable[[], Answer], *, writes: bool, is_favour: bool) -> Answer:
        """Send a statement, and wait with it where the engine itself does not know how to wait."""
        return send()

    def unindexed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a column as a condition should name it that had better use no index."""
        return column

    def same(self, column: ColumnElement[str], text: ColumnElement[str]) -> ColumnElement[bool]:
        """Return a condition that a column of a table of ours holds just this text."""
        return column == text

    def same_anywhere(self, column: ColumnElement[str], text: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the same of a column of the host's, of whatever alphabet and collation, by its index."""
        return column == text

    def converted(self, text: ColumnElement[str], kind: TypeEngine[Any]) -> ColumnElement[Any]:
        """Return text as what a column of this type is compared with."""
        return cast(text, kind)

    def favour(self, update: Update, which: ColumnElement[bool]) -> Update:
        """Return an update of this row that waits `FAVOUR_WAITS_MS` at most, and not for the disk if that can be."""
        return update.where(which)

    def deletion(self, table: Table, which: ColumnElement[bool]) -> Delete:
        """Return the deletion of those of these rows that nobody holds, which waits not for the disk if that can be."""
        return delete(table).where(which)

    def code_of(self, error: exc.DBAPIError) -> str:
        """Return the code of an error: that of the SQL standard where the driver tells it, else its own."""
        driver: Any = error.orig
        return str(getattr(driver, "sqlstate", None) or getattr(driver, "pgcode", None) or next(iter(driver.args), ""))

    def says_tables_are_missing(self, error: exc.DBAPIError) -> bool:
        """Say whether there is no such table or no such column."""
        return self.code_of(error) in self.lacks_tables

    def says_it_is_busy(self, error: exc.DBAPIError) -> bool:
        """Say whether somebody else has what the statement was to have."""
        return self.code_of(error) in self.busy


def locked(table: Table, which: ColumnElement[bool], *, nowait: bool = False, skip_locked: bool = False) -> Select[Any]:
    """Return what selects the ids of these rows and locks them for an update."""
    return select(table.c.id).where(which).with_for_update(nowait=nowait, skip_locked=skip_locked)
