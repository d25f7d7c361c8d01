"""Statements that are compiled once and handed to the driver."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOON
from sqlalchemy import Column, Engine, Integer, MetaData, Table, bindparam, create_engine, exc, insert, select, update

from flask_renewal.stores.prepared import Prepared
from flask_renewal.stores.times import UTCDateTime

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("at", UTCDateTime))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'notes.db'}", isolation_level="AUTOCOMMIT", paramstyle="named")
    NOTES.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(NOTES), [{"id": 1, "at": None}, {"id": 2, "at": NOON}])
    yield engine
    engine.dispose()


def test_rows_come_back_by_name_and_as_the_columns_types(engine: Engine) -> None:
    one = Prepared(select(NOTES).where(NOTES.c.id == bindparam("which")), engine.dialect)
    rows = [row for which in (1, 2, 3) for row in one.run(engine, {"which": which})]
    assert [(row.id, row.at) for row in rows] == [(1, None), (2, NOON)]


def test_values_are_bound_as_the_columns_types(engine: Engine) -> None:
    where = NOTES.c.id == bindparam("which")
    note = Prepared(update(NOTES).where(where).values(at=bindparam("then")).returning(NOTES.c.at), engine.dialect)
    assert [row.at for row in note.run(engine, {"which": 1, "then": NOON})] == [NOON]


def test_a_statement_without_rows_returns_none(engine: Engine) -> None:
    note = Prepared(update(NOTES).values(at=bindparam("then")), engine.dialect)
    assert list(note.run(engine, {"then": NOON})) == []


def test_what_goes_around_a_statement_is_undone_when_it_fails(engine: Engine) -> None:
    around = ("PRAGMA busy_timeout = 7", "PRAGMA busy_timeout = 11")
    twice = Prepared(insert(NOTES).values(id=bindparam("which")), engine.dialect, around=around)
    with pytest.raises(exc.IntegrityError):
        twice.run(engine, {"which": 1})
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 11
