"""The connections of the store's own: how many, how they are made, and when they are used no more."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from forking import FORKS, ends_well_in_a_fork
from sqlalchemy import Engine, MetaData, NullPool, StaticPool, create_engine, event

from flask_renewal.ground.errors import StoreUnavailableError
from flask_renewal.stores.base import Ending
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore
from flask_renewal.testing.store_suite.moves import NOW, a_session, put, swap

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


def test_who_gets_no_connection_in_time_is_told_to_try_again(
    make_engine: MakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    store = store_on(make_engine(pool_size=1, max_overflow=0, pool_timeout=0.05))
    own = store._database._connections.own()
    assert own
    with closing(own.raw_connection()), pytest.raises(StoreUnavailableError):
        store.find("one")
    assert "store_unavailable: TimeoutError: QueuePool limit" in caplog.text
    assert store.find("one")


def test_threads_write_a_file_one_at_a_time_and_hold_no_connection_while_they_wait(make_engine: MakeEngine) -> None:
    engine, out, most = make_engine(pool_size=16), list[int](), list[int]()
    event.listen(engine, "checkout", lambda *_: (out.append(1), most.append(len(out))))
    event.listen(engine, "checkin", lambda *_: out.pop())
    store = store_on(engine)
    ending = Ending(reason="test", now=NOW, session_id="one")
    with ThreadPoolExecutor(16) as threads:
        ended = list(threads.map(store.end, [ending] * 64))
    assert sum(map(len, ended)) == 1
    assert max(most) == 1


@pytest.mark.parametrize(
    "options",
    [{"poolclass": NullPool}, {"url": "sqlite://"}, {"execution_options": {"schema_translate_map": {None: "main"}}}],
    ids=["no pool", "in memory", "schemas are translated"],
)
def test_where_only_the_hosts_engine_is_right_the_store_has_none_of_its_own(
    make_engine: MakeEngine, options: dict[str, Any]
) -> None:
    engine = make_engine(**options)
    store = store_on(engine)
    assert store._database._connections.own() is None
    assert store.rotate(swap("one", "one"))


def test_what_the_host_does_to_its_connections_is_done_to_the_stores(make_engine: MakeEngine) -> None:
    engine = make_engine(connect_args={"cached_statements": 7})
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA cache_size = 77"))
    own = store_on(engine)._database._connections.own()
    assert own
    assert own.raw_connection().execute("PRAGMA cache_size").fetchone() == (77,)


def test_a_host_that_is_told_each_statement_is_told_those_of_the_store_and_no_value(
    make_engine: MakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    store = store_on(make_engine(echo=True))
    caplog.clear()
    assert store.end(Ending(reason="test", now=NOW, user_id="alice"))
    assert "UPDATE renewal_session" in caplog.text
    assert "alice" not in caplog.text


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
    store.find("one")
    engine.dispose()
    for connection in made:
        with pytest.raises(Exception, match="closed database"):
            connection.execute("SELECT 1")
    assert store.find("one")


def test_in_memory_a_database_that_is_disposed_of_is_begun_anew(make_engine: MakeEngine) -> None:
    engine = make_engine("sqlite://", poolclass=StaticPool)
    store = store_on(engine)
    engine.dispose()
    store._table.metadata.create_all(engine)
    assert store.find("one") is None


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


def test_one_that_died_takes_all_that_are_as_old_with_it(make_engine: MakeEngine) -> None:
    engine = make_engine(pool_size=3)
    made = connects(engine)
    store = store_on(engine)
    own = store._database._connections.own()
    assert own
    for one in [own.raw_connection() for _ in range(3)]:
        one.close()
    before = len(made)
    for connection in made:
        connection.close()
    assert store.find("one"), "tried once more, on a new one"
    assert len(made) == before + 1


class BrokenOff(sqlite3.Connection):
    """A connection on which somebody presses Ctrl-C in the middle of a statement."""

    pressed = False

    def cursor(self, *_: Any) -> Any:  # type: ignore[override]
        if self.pressed:
            raise KeyboardInterrupt
        return super().cursor()


def test_one_whose_statement_was_broken_off_is_used_no_more(make_engine: MakeEngine) -> None:
    engine = make_engine(connect_args={"factory": BrokenOff})
    made = connects(engine)
    store = store_on(engine)
    store.find("one")
    made[-1].pressed = True
    with pytest.raises(KeyboardInterrupt):
        store.find("one")
    assert store.find("one")


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
    made = connects(engine)
    store_on(engine)
    kept = made[-1]

    def dispose() -> bool:
        engine.dispose(close=False)
        return bool(kept.execute("SELECT 1").fetchone() == (1,))

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
