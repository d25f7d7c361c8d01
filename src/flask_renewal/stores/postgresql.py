"""PostgreSQL: what need not wait for others or for the disk does not, statement by statement."""

from typing import Any

from sqlalchemy import ColumnElement, Delete, Table, Update, delete, func, select

from .dialect import FAVOUR_WAITS_MS, Dialect, locked
from .times import UTCDateTime


class PostgreSQL(Dialect):
    """PostgreSQL."""

    keeps_sessions = True
    paramstyle = "pyformat"
    changes_in_one_statement = True
    lacks_tables = frozenset({"42P01", "42703"})
    busy = frozenset({"55P03"})  # after its `lock_timeout`
    gave_way = frozenset({"40P01"})
    cannot_hold = frozenset({"22P05"})
    clock = select(func.clock_timestamp(type_=UTCDateTime).label("now"))

    def favour(self, update: Update, which: ColumnElement[bool]) -> Update:
        """Return an update that waits neither long for the row nor for the disk."""
        return update.where(which, _set("lock_timeout", f"{FAVOUR_WAITS_MS}ms"), _set("synchronous_commit", "off"))

    def deletion(self, table: Table, which: ColumnElement[bool]) -> Delete:
        """Return the deletion of those of these rows that nobody holds, which does not wait for the disk."""
        free = locked(table, which, skip_locked=True)
        return delete(table).where(table.c.id.in_(free), _set("synchronous_commit", "off"))


def _set(name: str, value: str) -> ColumnElement[Any]:
    """Return a condition that is true, and sets this for as long as the statement takes."""
    return func.set_config(name, value, True) == value
