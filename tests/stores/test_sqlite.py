"""The suite of stores against a SQLite file, and what is SQLite's own."""

import sqlite3
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitingError
from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from case_table import *  # noqa: F403
from patience import PATIENCE, PATIENCE_MS
from sql_stores import open_sql_store
from sqlalchemy import MetaData, NullPool, Pool, QueuePool, create_engine, event

from flask_renewal.ground.errors import StoreUnavailableError
from flask_renewal.stores import sqlite as of_sqlite
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore
from flask_renewal.testing.store_suite import *  # noqa: F403
from flask_renewal.testing.store_suite import OpenStore
from flask_renewal.testing.store_suite.moves import a_session, put, swap, use


@pytest.fixture
def open_store(tmp_path: Path) -> OpenStore:
    url = f"sqlite:///{tmp_path / 'sessions.db'}"
    open_sql_store(url, create=True)
    return partial(open_sql_store, url)


@pytest.fixture
def other(open_store: OpenStore, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file."""
    with closing(sqlite3.connect(tmp_path / "sessions.db", isolation_level=None)) as connection:
        yield connection


def test_a_rotation_waits_while_another_program_writes(open_store: OpenStore, other: sqlite3.Connection) -> None:
    store = open_store()
    put(store, a_session("one"))
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as threads:
        rotated = threads.submit(store.rotate, swap("one", "one"))
        with pytest.raises(StillWaitingError):
            rotated.result(timeout=0.2)
        other.execute("COMMIT")
        assert rotated.result(timeout=PATIENCE) is not None


def test_who_waited_too_long_is_told_so(
    open_store: OpenStore, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_sqlite, "BUSY_TIMEOUT_MS", 50)
    store = open_store()
    put(store, a_session("one"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError):
        store.rotate(swap("one", "one"))
    other.execute("ROLLBACK")
    assert store.rotate(swap("one", "one")) is not None


def test_a_statement_waits_while_another_program_has_the_file_for_itself(tmp_path: Path) -> None:
    engine, table = create_engine(f"sqlite:///{tmp_path / 'file.db'}"), session_table(MetaData())
    store = SQLStore(Database(engine), table)
    table.metadata.create_all(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "file.db")) as other, ThreadPoolExecutor(1) as threads:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        found = threads.submit(store.find, "one")
        with pytest.raises(StillWaitingError):
            found.result(timeout=0.2)
        other.close()
        assert found.result(timeout=PATIENCE) is None


@pytest.mark.parametrize("pool", [QueuePool, NullPool])
def test_a_use_waits_for_other_writers_a_moment_only(
    tmp_path: Path,
    open_store: OpenStore,
    other: sqlite3.Connection,
    pool: type[Pool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(of_sqlite, "BUSY_TIMEOUT_MS", 2 * PATIENCE_MS)
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.db'}", poolclass=pool)
    store = SQLStore(Database(engine), session_table(MetaData()))
    put(store, a_session("one"))
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        store.touch("one", use())
    assert time.monotonic() - began < PATIENCE
    other.execute("ROLLBACK")
    assert store.touch("one", use()) is not None


def test_the_stores_connections_leave_waiting_to_it_and_the_hosts_stay_as_they_are(
    tmp_path: Path, open_store: OpenStore
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.db'}", pool_size=1, max_overflow=0)
    store = SQLStore(Database(engine), session_table(MetaData()))
    put(store, a_session("one"))
    own = store._database._connections.own()
    assert own is not None
    for each, timeout, level in ((own, 0, None), (engine, of_sqlite.BUSY_TIMEOUT_MS, "")):
        with closing(each.raw_connection()) as connection:
            driver: Any = connection.dbapi_connection
            assert driver.execute("PRAGMA busy_timeout").fetchone() == (timeout,)
            assert driver.isolation_level == level


@pytest.mark.parametrize("fails", [False, True], ids=["that was noted", "that failed"])
def test_a_connection_of_the_hosts_waits_again_after_a_use(
    tmp_path: Path, open_store: OpenStore, other: sqlite3.Connection, fails: bool
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.db'}", pool_size=1, max_overflow=0)
    event.listen(engine, "before_cursor_execute", lambda *_: None)  # so that the store has none of its own
    store = SQLStore(Database(engine), session_table(MetaData()))
    put(store, a_session("one"))
    other.execute("BEGIN IMMEDIATE" if fails else "SELECT 1")
    with pytest.raises(StoreUnavailableError) if fails else nullcontext():
        store.touch("one", use())
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == of_sqlite.BUSY_TIMEOUT_MS


def test_a_use_does_not_wait_for_the_disk_and_a_rotation_does(tmp_path: Path, open_store: OpenStore) -> None:
    sent: list[str] = []
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.set_trace_callback(sent.append))
    store = SQLStore(Database(engine), session_table(MetaData()))
    put(store, a_session("one"))
    for act, waits in {
        lambda: store.touch("one", use()): False,
        lambda: store.touch("one", use(), authenticated=True): True,
        lambda: store.rotate(swap("one", "one")): True,
    }.items():
        sent.clear()
        assert act() is not None
        assert ("PRAGMA synchronous = NORMAL" in sent) is not waits
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


@pytest.mark.parametrize("fails", [False, True], ids=["that was noted", "that failed"])
def test_a_use_leaves_a_connection_that_waits_for_the_disk(
    tmp_path: Path, open_store: OpenStore, other: sqlite3.Connection, fails: bool
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.db'}", pool_size=1, max_overflow=0)
    store = SQLStore(Database(engine), session_table(MetaData()))
    put(store, a_session("one"))
    other.execute("BEGIN IMMEDIATE" if fails else "SELECT 1")
    with pytest.raises(StoreUnavailableError) if fails else nullcontext():
        store.touch("one", use())
    own = store._database._connections.own()
    assert own is not None
    with closing(own.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # type: ignore[func-returns-value]


def test_an_error_that_no_connection_died_of_costs_none(open_store: OpenStore, other: sqlite3.Connection) -> None:
    store = open_store()
    put(store, a_session("one"))
    own = store._database._connections.own()
    assert own is not None
    pool, connected = own.pool, own.pool.status()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError):
        store.touch("one", use())
    assert (own.pool, own.pool.status()) == (pool, connected)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_that_is_made_here_is_private_and_its_journals_too(tmp_path: Path) -> None:
    store = open_sql_store(f"sqlite:///{tmp_path / 'new.db'}", create=True)
    put(store, a_session("one"))
    made = sorted(tmp_path.iterdir())
    assert [path.name for path in made] == ["new.db", "new.db-shm", "new.db-wal"]
    assert {mode(path) for path in made} == {0o600}


def test_a_file_that_is_there_stays_as_its_owner_made_it(tmp_path: Path) -> None:
    (tmp_path / "theirs.db").touch()
    (tmp_path / "theirs.db").chmod(0o664)
    put(open_sql_store(f"sqlite:///{tmp_path / 'theirs.db'}", create=True), a_session("one"))
    assert {mode(path) for path in tmp_path.iterdir()} == {0o664}


@pytest.mark.parametrize(("url", "name"), [("sqlite://", ""), ("sqlite:///file:named.db?uri=true", "named.db")])
def test_no_file_is_made_that_sqlite_would_not_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    put(open_sql_store(url, create=True), a_session("one"))
    assert {path.name.partition("-")[0] for path in tmp_path.iterdir()} == set(filter(None, [name]))
