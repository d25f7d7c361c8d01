"""Can the store be reached, has it the tables, and does its clock agree with ours?"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import func, inspect, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError

from ..errors import StoreUnavailableError
from ..stores.database import UTCDateTime
from ..stores.sql import TABLE
from .finding import Finding, Inspected, Level

try:
    import redis
except ImportError:  # pragma: no cover - then there is no such store
    redis = None  # type: ignore[assignment]

NOTICEABLE = timedelta(seconds=5)
HARMFUL = timedelta(minutes=5)
_PATIENCE = 2
"""Seconds."""


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at the database, where the users are, and at Redis where it keeps the sessions."""
    yield from _reaching("SQLALCHEMY_DATABASE_URI", _of_database, inspected)
    if inspected.settings.store is not None:
        yield from _reaching("RENEWAL_STORE", _of_redis, inspected)


def _reaching(subject: str, check: Callable[[Inspected], Iterator[Finding]], inspected: Inspected) -> Iterator[Finding]:
    try:
        yield from check(inspected)
    except (SQLAlchemyError, StoreUnavailableError):
        yield Finding(
            code="store_unavailable",
            level=Level.ERROR,
            subject=subject,
            what="The store cannot be reached: nobody can sign in.",
            mend="Start it, or correct the address.",
        )


def _of_database(inspected: Inspected) -> Iterator[Finding]:
    database = inspected.app.extensions["sqlalchemy"]
    yield from _tables(database)
    if database.engine.dialect.name == "sqlite":
        yield Finding(
            code="sqlite_one_machine",
            level=Level.NOTE,
            subject="SQLALCHEMY_DATABASE_URI",
            what="SQLite serves the processes of one machine.",
            mend="Use PostgreSQL on several machines.",
        )
    with database.engine.connect() as connection:
        theirs = connection.scalar(select(type_coerce(func.current_timestamp(), UTCDateTime)))
    yield from _clock(theirs, inspected.services.ambient.now())


def _of_redis(inspected: Inspected) -> Iterator[Finding]:
    inspected.services.store.find("check")
    yield from _clock(_redis_time(inspected.settings.store or ""), inspected.services.ambient.now())


def _redis_time(url: str) -> datetime:
    """Return the time that the server has; of a cluster, that of the node in the URL."""
    with redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as client:
        try:
            seconds, microseconds = client.time()
        except redis.RedisError as error:
            raise StoreUnavailableError from error
    return datetime.fromtimestamp(seconds, timezone.utc) + timedelta(microseconds=microseconds)


def _tables(database: Any) -> Iterator[Finding]:
    there = inspect(database.engine)
    for table in database.metadata.sorted_tables:
        columns = {column["name"] for column in there.get_columns(table.name)} if there.has_table(table.name) else set()
        missing = [column.name for column in table.columns if column.name not in columns]
        if missing:
            what = f"It lacks {', '.join(missing)}" if columns else "It is not there"
            yield Finding(
                code="tables_out_of_date",
                level=Level.ERROR,
                subject=f"table {table.name}",
                what=f"{what}: {'nobody can sign in' if table.name == TABLE else 'what needs it fails'}.",
                mend="Run your migrations (flask db upgrade), or db.create_all() for a new database.",
            )


def _clock(theirs: datetime, ours: datetime) -> Iterator[Finding]:
    apart = abs(ours - theirs)
    if apart > NOTICEABLE:
        yield Finding(
            code="clock_differs",
            level=Level.ERROR if apart > HARMFUL else Level.WARNING,
            subject="clock",
            what=f"This machine's clock and the store's are {apart.total_seconds():.0f} seconds apart: tokens of one"
            " machine seem expired or not yet valid on another.",
            mend="Let all machines keep their time by NTP.",
        )
