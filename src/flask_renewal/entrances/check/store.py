"""Can the store be reached, has it the tables, and does its clock agree with ours?"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import Engine, Table, inspect
from sqlalchemy.exc import SQLAlchemyError

from ...ground.errors import StoreError
from ...ground.problems import how_to_make_tables
from ...identity.sessions.clocks import left_for_messages
from ...stores.versions import outdated
from . import redis
from .finding import Finding, Inspected, Level

NOTICEABLE_SECONDS = 5


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at the host's databases, where the users are, and at Redis where it keeps the sessions."""
    if "sqlalchemy" in inspected.app.extensions:
        yield from _reaching("SQLALCHEMY_DATABASE_URI", _of_databases, inspected)
    if inspected.settings.store is not None:
        yield from _reaching("RENEWAL_STORE", _of_redis, inspected)


def _reaching(subject: str, check: Callable[[Inspected], Iterator[Finding]], inspected: Inspected) -> Iterator[Finding]:
    try:
        yield from check(inspected)
    except (SQLAlchemyError, StoreError):
        yield Finding(
            code="store_unavailable",
            level=Level.ERROR,
            subject=subject,
            what="The store cannot be reached: nobody can sign in.",
            mend="Start it, or correct the address.",
        )


def _of_databases(inspected: Inspected) -> Iterator[Finding]:
    hosts = inspected.app.extensions["sqlalchemy"]
    for bind, engine in hosts.engines.items():
        for table in hosts.metadatas[bind].sorted_tables:
            what_fails = "nobody can sign in" if table.name == inspected.settings.table else "what needs it fails"
            yield from _table(engine, table, what_fails, how_to_make_tables(inspected.app))
    if inspected.settings.store is None:
        yield from _age(hosts.engine)
    if any(engine.dialect.name == "sqlite" for engine in hosts.engines.values()):
        yield Finding(
            code="sqlite_one_machine",
            level=Level.NOTE,
            subject="SQLALCHEMY_DATABASE_URI",
            what="SQLite serves the processes of one machine.",
            mend="Use PostgreSQL or MariaDB on several machines.",
        )
    if inspected.settings.store is None:
        yield from _clock(inspected)


def _of_redis(inspected: Inspected) -> Iterator[Finding]:
    yield from redis.findings(inspected)
    yield from _clock(inspected)


def _age(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        why = outdated(connection.dialect)
    if why is not None:
        what, mend = why
        yield Finding(
            code="database_too_old",
            level=Level.ERROR,
            subject="SQLALCHEMY_DATABASE_URI",
            what=f"{what}.",
            mend=f"{mend[0].upper()}{mend[1:]}.",
        )


def _table(engine: Engine, table: Table, what_fails: str, how: str) -> Iterator[Finding]:
    there = inspect(engine)
    schema = engine.get_execution_options().get("schema_translate_map", {}).get(table.schema, table.schema)
    known = there.get_columns(table.name, schema) if there.has_table(table.name, schema) else []
    columns = {column["name"] for column in known}
    missing = [column.name for column in table.columns if column.name not in columns]
    if missing:
        what = f"It lacks {', '.join(missing)}" if columns else "It is not there"
        yield Finding(
            code="tables_out_of_date",
            level=Level.ERROR,
            subject=f"table {table.name}",
            what=f"{what}: {what_fails}.",
            mend=f"{how[0].upper()}{how[1:]}.",
        )


def _clock(inspected: Inspected) -> Iterator[Finding]:
    clock = inspected.services.clock
    apart = clock.apart()
    if apart > min(NOTICEABLE_SECONDS, clock.tolerance):
        is_wrong = apart > clock.tolerance
        left = _left(inspected.settings.quiet_window, apart)
        yield Finding(
            code="clock_differs",
            level=Level.ERROR if is_wrong else Level.WARNING,
            subject="clock",
            what=f"This machine's clock and the store's are {apart:.0f} seconds apart"
            + (f", more than {clock.tolerance:g}: sessions and tokens go by the store's." if is_wrong else left),
            mend="Let all machines keep their time by NTP.",
        )


def _left(quiet_window: timedelta, apart: float) -> str:
    """Say what the quiet window is still good for while no server's clock is further off."""
    if not quiet_window:
        return "."
    left = left_for_messages(quiet_window, wrong_by=timedelta(seconds=apart)).total_seconds()
    return f"; two that are so leave {left:.0f} seconds of the quiet window to the slowest request and answer."
