"""Times of tables that a host's migrations make."""

from datetime import datetime, timedelta, timezone

from conftest import NOON
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, create_engine, insert, select

from flask_renewal.stores.times import TIME, in_utc


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
