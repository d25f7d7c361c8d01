"""Times in tables that a host's migrations make: of SQLAlchemy's own types there, aware and in UTC for us."""

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, Table, TypeDecorator
from sqlalchemy.dialects.mysql import DATETIME

TIME = DateTime(timezone=True).with_variant(DATETIME(fsp=6), "mysql", "mariadb")
"""What a script of migrations can name without importing anything of ours."""


Process = Callable[[Any], Any]


def _text(value: datetime | None) -> str | None:
    """Write a time as SQLAlchemy does for SQLite, in a third of the time."""
    return None if value is None else value.astimezone(timezone.utc).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def _naive(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(timezone.utc).replace(tzinfo=None)


def _in_utc(value: datetime | None) -> datetime | None:
    """PostgreSQL returns times in the zone that the server or the role is set to, and MariaDB without one."""
    return value and (value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc))


_PROCESSES: Mapping[str, tuple[Process | None, Process]] = {
    "sqlite": (_text, _from_text),
    "postgresql": (None, _in_utc),
    "mysql": (_naive, _in_utc),
    "mariadb": (_naive, _in_utc),
}
"""What makes a time a value of the database, and back; those of other engines are SQLAlchemy's own."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time, on databases that keep no time zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Process | None:
        """Return what makes a time a value of the database; SQLAlchemy asks."""
        return _PROCESSES[dialect.name][0] if dialect.name in _PROCESSES else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Process | None:
        """Return what makes a value of the database a time in UTC; SQLAlchemy asks."""
        return _PROCESSES[dialect.name][1] if dialect.name in _PROCESSES else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a time in UTC for the type's own way to the database, which may leave the zone out."""
        return value and value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a time in UTC."""
        return _in_utc(value)


def in_utc(table: Table) -> Table:
    """Return a copy of the table, in nobody's metadata, whose times with a zone are of the type `UTCDateTime`."""
    copy = table.to_metadata(MetaData())
    for column in copy.columns:
        if isinstance(column.type, DateTime) and column.type.timezone:
            column.type = UTCDateTime()
    return copy
