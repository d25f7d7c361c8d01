"""MariaDB and MySQL: no ``UPDATE … RETURNING``, and locks that are waited for by the second or not at all."""

from typing import Any, cast

from sqlalchemy import BINARY, ColumnElement, Table, Update, Uuid, and_, exc, func, literal_column, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import TypeEngine

from .dialect import Dialect, locked
from .times import UTCDateTime


class MySQL(Dialect):
    """MariaDB from 10.6, MySQL from 8.0."""

    keeps_sessions = True
    paramstyle = "pyformat"
    lacks_tables = frozenset({"1146", "1054"})
    busy = frozenset({"1205", "3572"})
    """MariaDB has one code for a wait that was too long and for one that was not to begin, MySQL has two."""
    gave_way = frozenset({"1213", "1020"})
    """A deadlock; a row that changed while it was waited for."""
    for_good = frozenset({"1142", "1143", "1267", "1364", "1644", "1665", "3819", "4025"})
    """No right to a table or column; collations that do not go together; no default; a trigger's word; a log of
    statements; CHECK of MySQL, and of MariaDB."""
    cannot_hold = frozenset({"1267"})
    clock = select(literal_column("utc_timestamp(6)", UTCDateTime).label("now"))

    def code_of(self, error: exc.DBAPIError) -> str:
        """Return its own code: the standard has one for many errors."""
        driver: Any = error.orig
        return str(next(iter(driver.args), ""))

    def set_up(self, connection: Any) -> None:
        """Lock no gaps between rows, which deadlock, and read a host's ``TIMESTAMP`` in UTC."""
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cursor.execute("SET SESSION time_zone = '+00:00'")

    def unindexed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a column without its index.

        To find a row by its key MariaDB would rather take an index that a condition of the statement is on as well, and
        lock that first: two statements that lock the same row from its two ends deadlock.
        """
        return func.coalesce(column)

    def same(self, column: ColumnElement[str], text: ColumnElement[str]) -> ColumnElement[bool]:
        """Return a condition that is false of spaces at the end, too, which no collation of both engines counts."""
        return and_(column == text, func.char_length(column) == func.char_length(text))

    def same_anywhere(self, column: ColumnElement[str], text: ColumnElement[str]) -> ColumnElement[bool]:
        """Return a condition of which one half finds the row by its index, and the other compares the bytes."""
        return and_(column == _of_any_collation(text), _in_bytes(column) == _in_bytes(text))

    def converted(self, text: ColumnElement[str], kind: TypeEngine[Any]) -> ColumnElement[Any]:
        """Return text as what a column of this type is compared with: a UUID is text, or made of it."""
        return _of_any_collation(text) if isinstance(kind, Uuid) else super().converted(text, kind)

    def favour(self, update: Update, which: ColumnElement[bool]) -> Update:
        """Return an update that does not wait for the row: for less than a second one cannot.

        It is locked in a table of its own, which the limit keeps it.
        """
        table = cast(Table, update.table)
        free = locked(table, which, nowait=True).limit(1).subquery()
        return update.where(which, table.c.id == free.c.id)


def _of_any_collation(text: ColumnElement[str]) -> ColumnElement[str]:
    """Return text that gives way to the alphabet and the collation of a column that it is compared with.

    A column of another table does not, so that the index is of no use or the two cannot be compared at all; what these
    functions make of it does.
    """
    return func.json_unquote(func.json_quote(text))


def _in_bytes(text: ColumnElement[str]) -> ColumnElement[bytes]:
    return sql_cast(func.convert(text.op("USING")(literal_column("utf8mb4"))), BINARY)
