"""The suite of stores against a SQLite file, and what is SQLite's own."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitingError
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from case_table import *  # noqa: F403
from sql_stores import open_sql_store
from sqlalchemy import MetaData, create_engine, event

from flask_renewal.errors import StoreUnavailableError
from flask_renewal.store_suite import *  # noqa: F403
from flask_renewal.store_suite import OpenStore
from flask_renewal.store_suite.moves import a_session, put, swap, use
from flask_renewal.stores import sqlite as of_sqlite
from flask_renewal.stores.database import Database
from flask_renewal.stores.sql import SQLStore, session_table


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
        assert rotated.result(timeout=5) is not None


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
    path = tmp_path / "file.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE numbers (number)")
        other.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(path, check_same_thread=False)) as ours, ThreadPoolExecutor(1) as threads:
            of_sqlite.keep(ours)
            read = threads.submit(of_sqlite.execute, ours.cursor(), "SELECT count(*) FROM numbers", ())
            with pytest.raises(StillWaitingError):
                read.result(timeout=0.2)
            other.execute("COMMIT")
            assert read.result(timeout=5) == [(0,)]


def test_the_stores_connections_leave_waiting_to_it_and_the_hosts_stay_as_they_are(
    tmp_path: Path, open_store: OpenStore
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'sessions.db'}", pool_size=1, max_overflow=0)
    store = SQLStore(Database(engine), session_table(MetaData()))
    put(store, a_session("one"))
    assert store.rotate(swap("one", "one")) is not None
    kept = store._database._connections.take()
    assert kept is not None
    assert kept.connection.execute("PRAGMA busy_timeout").fetchone() == (0,)
    assert kept.connection.isolation_level is None
    with engine.connect() as connection:
        hosts = connection.connection.dbapi_connection
        assert hosts is not None
        assert hosts.execute("PRAGMA busy_timeout").fetchone() == (of_sqlite.BUSY_TIMEOUT_MS,)
        assert hosts.isolation_level == ""


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
