"""Times in tables that a host's migrations make: of SQLAlchemy's own type there, aware and in UTC for us."""

from sqlalchemy import DateTime, MetaData, Table

from .database import UTCDateTime

TIME = DateTime(timezone=True)
"""What a script of migrations can name without importing anything of ours."""


def in_utc(table: Table) -> Table:
    """Return a copy of the table, in nobody's metadata, whose times with a zone are of the type `UTCDateTime`."""
    copy = table.to_metadata(MetaData())
    for column in copy.columns:
        if isinstance(column.type, DateTime) and column.type.timezone:
            column.type = UTCDateTime()
    return copy
