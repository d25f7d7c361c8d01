"""The connections that the store keeps: how many, whose they are, and when they are used no more."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from forking import FORKS, ends_well_in_a_fork
from sqlalchemy import Engine, MetaData, NullPool, create_engine, event

from flask_renewal.errors import StoreUnavailableError
from flask_renewal.store_suite.moves import a_session, put, swap
from flask_renewal.stores import connections
from flask_renewal.stores import sqlite as of_sqlite
from flask_renewal.stores.database import Database
from flask_renewal.stores.sql import SQLStore, session_table

MakeEngine = Callable[..., Engine]


pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[MakeEngine]:
    engines = []

    def make(url: str = f"sqlite:///{tmp_path / 'sessions.db'}", **options: Any) -> Engine:
        engines.append(create_engine(url, **options))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


def store_on(engine: Engine) -> SQLStore:
    table = session_table(MetaData())
    store = SQLStore(Database(engine), table)
    table.metadata.create_all(engine)
    put(store, a_session("one"))
    return store


def connects(engine: Engine) -> list[Any]:
    """Return the list that each new connection will be added to."""
    made: list[Any] = []
    event.listen(engine, "connect", lambda connection, _: made.append(connection))
    return made


def test_one_connection_serves_one_statement_after_another(make_engine: MakeEngine) -> None:
    engine = make_engine(pool_size=3)
    made = connects(engine)
    store = store_on(engine)
    before = len(made)
    for _ in range(20):
        assert store.find("one")
    assert len(made) <= before + 1
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("threads", [8, 32])
def test_threads_that_wait_for_their_turn_to_write_a_file_each_have_one(make_engine: MakeEngine, threads: int) -> None:
    store = store_on(make_engine())
    assert None not in [store._database._connections.take() for _ in range(threads)]


def test_who_finds_them_all_lent_goes_through_the_pool(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_A_FILE", 2)
    store = store_on(make_engine())
    kept = store._database._connections
    lent = [kept.take() for _ in range(3)]
    assert [one is None for one in lent] == [False, False, True]
    assert store.find("one")
    for one in lent[:2]:
        kept.give_back(one)  # type: ignore[arg-type]
    assert kept.take() is lent[1]


def test_threads_never_share_one(make_engine: MakeEngine) -> None:
    store = store_on(make_engine(pool_size=4))
    kept, met = store._database._connections, threading.Barrier(4)

    def hold(_: int) -> int:
        one = kept.take()
        assert one
        met.wait(10)
        kept.give_back(one)
        return id(one)

    with ThreadPoolExecutor(4) as threads:
        for _ in range(20):
            assert len(set(threads.map(hold, range(4)))) == 4


@pytest.mark.parametrize("options", [{"poolclass": NullPool}, {"url": "sqlite://"}], ids=["no pool", "in memory"])
def test_where_there_is_no_pool_to_gain_from_none_is_kept(make_engine: MakeEngine, options: dict[str, Any]) -> None:
    store = store_on(make_engine(**options))
    assert store._database._connections.take() is None
    assert store.rotate(swap("one", "one"))


@pytest.mark.parametrize("name", ["checkout", "checkin", "reset"])
def test_a_host_that_listens_to_its_pool_hears_of_each_statement(make_engine: MakeEngine, name: str) -> None:
    engine = make_engine()
    heard: list[object] = []
    event.listen(engine, name, lambda *facts: heard.append(facts))
    store = store_on(engine)
    heard.clear()
    assert store.rotate(swap("one", "one"))
    assert len(heard) == 1


def test_an_engine_that_is_disposed_of_has_no_connection_left(make_engine: MakeEngine) -> None:
    engine = make_engine()
    made = connects(engine)
    store = store_on(engine)
    kept = store._database._connections
    lent = kept.take()
    assert lent
    store.find("one")
    engine.dispose()
    kept.give_back(lent)
    for connection in made:
        with pytest.raises(Exception, match="closed database"):
            connection.execute("SELECT 1")
    assert store.find("one")


def test_a_connection_is_no_older_than_the_host_allows(make_engine: MakeEngine) -> None:
    engine = make_engine(pool_recycle=1)
    made = connects(engine)
    store = store_on(engine)
    store.find("one")
    before = len(made)
    store.find("one")
    assert len(made) == before
    time.sleep(1.1)
    store.find("one")
    assert len(made) == before + 1


def test_after_an_error_nobody_gets_the_same_connection(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(pool_size=1)
    store = store_on(engine)
    kept = store._database._connections
    first = kept.take()
    assert first
    kept.give_back(first)
    monkeypatch.setattr(of_sqlite, "BUSY_TIMEOUT_MS", 20)
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(StoreUnavailableError):
                store.rotate(swap("one", "one"))
    another = kept.take()
    assert another
    assert another is not first


def test_one_that_died_takes_all_that_are_as_old_with_it(make_engine: MakeEngine) -> None:
    engine = make_engine(pool_size=3)
    made = connects(engine)
    store = store_on(engine)
    kept = store._database._connections
    for one in [kept.take() for _ in range(3)]:
        kept.give_back(one)  # type: ignore[arg-type]
    with engine.connect():
        pass  # one for the pool
    before = len(made)
    for connection in made:
        connection.close()
    assert store.find("one"), "tried once more, on a new one"
    assert len(made) == before + 1
    assert len(kept._idle) == 1


@FORKS
def test_a_worker_that_was_forked_leaves_the_connections_to_its_parent(make_engine: MakeEngine) -> None:
    engine = make_engine()
    made = connects(engine)
    store = store_on(engine)
    store.find("one")
    before = len(made)
    assert ends_well_in_a_fork(lambda: store.find("one") and store.find("one") and len(made) == before + 1)
    assert store.find("one")
    assert len(made) == before


@FORKS
def test_a_worker_that_disposes_of_the_engine_leaves_them_too(make_engine: MakeEngine) -> None:
    engine = make_engine()
    store = store_on(engine)
    store.find("one")
    [kept] = store._database._connections._idle

    def dispose() -> bool:
        engine.dispose(close=False)
        return kept.connection.execute("SELECT 1").fetchone() == (1,)

    assert ends_well_in_a_fork(dispose)


@FORKS
def test_a_worker_that_was_forked_asks_on_no_pooled_connection_of_its_parent(make_engine: MakeEngine) -> None:
    engine = make_engine()
    Database(engine)
    with engine.connect() as connection:
        theirs = connection.connection.dbapi_connection

    def begins_anew() -> bool:
        with engine.connect() as connection:
            return connection.connection.dbapi_connection is not theirs

    assert ends_well_in_a_fork(begins_anew)
