"""Times of tables that a host's migrations make."""

from datetime import datetime, timedelta, timezone

import pytest
from conftest import NOON
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.dialects import mysql, oracle, postgresql, sqlite
from sqlalchemy.engine import Dialect

from flask_renewal.stores.times import TIME, UTCDateTime, in_utc


def test_a_time_comes_back_aware_and_in_utc_and_the_hosts_table_stays_as_it_is() -> None:
    columns = Column("at", TIME), Column("bare", DateTime)
    made = Table("made", MetaData(), Column("id", Integer, primary_key=True), *columns)
    ours = in_utc(made)
    engine = create_engine("sqlite://")
    made.metadata.create_all(engine)
    there = NOON.astimezone(timezone(timedelta(hours=8)))
    with engine.begin() as connection:
        connection.execute(insert(ours).values(id=1, at=there, bare=datetime(2026, 1, 1)))
        [row] = connection.execute(select(ours))
    assert (row.at, row.at.tzinfo, row.bare.tzinfo) == (NOON, timezone.utc, None)
    assert (made.c.at.type, ours.metadata is made.metadata) == (TIME, False)
    engine.dispose()


THERE = NOON.astimezone(timezone(timedelta(hours=8)))
NAIVE = NOON.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("dialect", "bound"),
    [
        (sqlite.dialect(), NAIVE.isoformat(" ", "microseconds")),
        (postgresql.dialect(), THERE),
        (mysql.dialect(), NAIVE),
        (oracle.dialect(), NOON),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_a_time_of_any_zone_is_bound_so_that_it_is_in_utc_there(dialect: Dialect, bound: object) -> None:
    process = UTCDateTime().bind_processor(dialect)
    sent = THERE if process is None else process(THERE)
    assert (sent, getattr(sent, "tzinfo", None)) == (bound, getattr(bound, "tzinfo", None))


@pytest.mark.parametrize("there", [THERE, NAIVE], ids=["with a zone", "without one"])
@pytest.mark.parametrize(
    "dialect", [postgresql.dialect(), mysql.dialect(), oracle.dialect()], ids=lambda each: each.name
)
def test_a_time_that_comes_back_is_in_utc(dialect: Dialect, there: datetime) -> None:
    process = UTCDateTime().result_processor(dialect, None)
    assert process is not None
    assert (process(there), process(there).tzinfo, process(None)) == (NOON, timezone.utc, None)
