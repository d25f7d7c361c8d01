"""The table of sessions, as migrations make it, and as the store reads and writes it."""

from sqlalchemy import Boolean, Column, Index, MetaData, Table

from .claims import LONGEST_CLAIMS, ClaimsText
from .texts import text
from .times import TIME, in_utc

TABLE = "renewal_session"


def session_table(metadata: MetaData, name: str = TABLE) -> Table:
    """Return the table of sessions in `metadata`, adding it at the first call.

    What a rotation changes stands together and in no index, so that on PostgreSQL it stays a heap-only update with a
    short write-ahead record.
    """
    known = metadata.tables.get(f"{metadata.schema}.{name}" if metadata.schema else name)
    if known is not None:
        return known
    table = Table(
        name,
        metadata,
        Column("id", text(32), primary_key=True),
        Column("user_id", text(64), nullable=False),
        Column("created_at", TIME, nullable=False),
        Column("authenticated_at", TIME, nullable=False),
        Column("expires_at", TIME),
        Column("remember", Boolean, nullable=False),
        Column("superseded", text(32)),
        Column("current", text(32)),
        Column("next", text(32), nullable=False),
        Column("rotated_at", TIME, nullable=False),
        Column("last_used_at", TIME, nullable=False),
        Column("idle_expires_at", TIME, nullable=False),
        Column("ended_at", TIME),
        Column("ended_reason", text(32)),
        Column("device", text(100)),
        Column("user_agent", text(256)),
        Column("claims", text(LONGEST_CLAIMS)),
        # a word for the latter SQLAlchemy has from 2.1, and what is done after_create is in no script of migrations
        postgresql_using="heap WITH (fillfactor = 80)",
    )
    Index(f"ix_{name}_user_id", table.c.user_id)
    ended = table.c.ended_at
    Index(f"ix_{name}_ended_at", ended, postgresql_where=ended.is_not(None), sqlite_where=ended.is_not(None))
    return table


def typed(table: Table) -> Table:
    """Return a copy of the table, in nobody's metadata, whose columns give and take what a `Session` has."""
    copy = in_utc(table)
    copy.c.claims.type = ClaimsText()
    return copy
