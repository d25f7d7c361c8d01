"""The suite of stores against a PostgreSQL server, and what is PostgreSQL's own."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from case_table import *  # noqa: F403
from conftest import close_databases
from engines import PostgreSQL
from everything import EVERYTHING
from patience import PATIENCE
from sql_stores import open_sql_store
from sqlalchemy import MetaData, create_engine

from flask_renewal.ground.errors import StoreRefusedError, StoreUnavailableError
from flask_renewal.stores.base import Store
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore
from flask_renewal.testing.store_suite import *  # noqa: F403
from flask_renewal.testing.store_suite import OpenStore
from flask_renewal.testing.store_suite.moves import DAY, NOW, WINDOW, a_session, put, swap, use

SESSIONS = 100
ROTATIONS = 100 if EVERYTHING else 20
"""Of each session."""

Waits = Callable[[Callable[[], object]], bool]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    try:
        server.start(fsync="off", max_connections="300", wal_writer_delay="10s")
        open_sql_store(server.url, create=True)
        yield server
    finally:
        server.remove()


@pytest.fixture
def open_store(postgresql: PostgreSQL) -> OpenStore:
    assert postgresql.sql("TRUNCATE renewal_session") is not None
    return partial(open_sql_store, postgresql.url)


def test_times_are_utc_whatever_the_zone_of_the_server(store: Store, postgresql: PostgreSQL) -> None:
    put(store, a_session("one"))
    found = open_sql_store(f"{postgresql.url}?options=-ctimezone%3DAsia/Kolkata").find("one")
    assert found is not None
    assert (found.created_at, found.created_at.utcoffset()) == (a_session("one").created_at, timedelta(0))


def test_the_store_has_no_more_connections_than_the_host(store: Store, postgresql: PostgreSQL) -> None:
    put(store, a_session("one"))
    engine = create_engine(f"{postgresql.url}?application_name=counted", pool_size=2, max_overflow=1)
    small = SQLStore(Database(engine), session_table(MetaData()))
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(small.find, ["one"] * 200))
    counted = postgresql.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'counted'")
    assert 1 <= int(counted or 0) <= 3
    engine.dispose()


def test_a_use_waits_for_a_row_that_somebody_holds_a_moment_only(store: Store, postgresql: PostgreSQL) -> None:
    put(store, a_session("one"))
    patient = open_sql_store(f"{postgresql.url}?options=-clock_timeout%3D{2 * PATIENCE}s")
    with create_engine(postgresql.url).begin() as other:
        other.exec_driver_sql("SELECT 1 FROM renewal_session FOR UPDATE")
        began = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            patient.touch("one", use())
        assert time.monotonic() - began < PATIENCE
    assert store.touch("one", use()) is not None


SAY_HOW_LONG = """
CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''a lock is waited for %'', current_setting(''lock_timeout''); END';
CREATE TRIGGER say BEFORE UPDATE ON renewal_session FOR EACH ROW EXECUTE FUNCTION say();
"""


def test_a_moment_is_fifty_milliseconds_and_a_rotation_waits_as_long_as_it_takes(
    store: Store, postgresql: PostgreSQL
) -> None:
    put(store, a_session("one"))
    assert postgresql.sql(SAY_HOW_LONG) is not None
    try:
        with pytest.raises(StoreRefusedError, match=r"^a lock is waited for 50ms$"):
            store.touch("one", use())
        with pytest.raises(StoreRefusedError, match=r"^a lock is waited for 0$"):
            store.rotate(swap("one", "one"))
    finally:
        assert postgresql.sql("DROP FUNCTION say CASCADE") is not None


@pytest.fixture
def waits(postgresql: PostgreSQL) -> Waits:
    """Return a function that says whether what it calls waited until the disk had it, or the server flushed by itself.

    So who is not to wait must be seen not to once in three times.
    """

    def waited(act: Callable[[], object]) -> bool:
        before = postgresql.sql("SELECT pg_current_wal_insert_lsn()")
        assert act()
        return postgresql.sql(f"SELECT pg_current_wal_flush_lsn() > '{before}'") == "t"

    return waited


def test_a_use_does_not_wait_for_the_disk_and_a_rotation_does(store: Store, waits: Waits) -> None:
    put(store, a_session("one"))
    for _ in range(2):
        assert not all(waits(lambda: store.touch("one", use())) for _ in range(3))
        assert waits(lambda: store.touch("one", use(), authenticated=True))
    assert waits(lambda: store.rotate(swap("one", "one")))


def test_purging_does_not_wait_for_the_disk(store: Store, waits: Waits) -> None:
    for number in range(3):
        put(store, a_session(f"over{number}", idle_expires_at=NOW - DAY))
    waited = [waits(lambda: store.purge(now=NOW, after="", examine=1).count) for _ in range(3)]
    assert not all(waited)
    assert store.count(now=NOW).all == 0


def test_rotations_are_heap_only_updates(store: Store, postgresql: PostgreSQL) -> None:
    postgresql.sql("SELECT pg_stat_reset()")
    for number in range(SESSIONS):
        put(store, a_session(f"sid{number}", device="Work laptop", user_agent="Mozilla/5.0 " * 10))
    for number in range(SESSIONS):  # one at a time: what another transaction may still see makes no room in a page
        rotate_often(store, number)
    close_databases()
    counted = postgresql.sql(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'renewal_session'"
    )
    assert counted
    updates, heap_only = map(int, counted.split("|"))
    assert updates >= SESSIONS * ROTATIONS
    assert heap_only / updates >= 0.95


def rotate_often(store: Store, number: int) -> None:
    token = "one"
    for turn in range(ROTATIONS):
        token_after = f"token{turn}"
        assert store.rotate(swap(f"sid{number}", token, fresh=token_after, now=NOW + 2 * turn * WINDOW))
        token = token_after


def test_what_a_rotation_changes_is_in_no_index(postgresql: PostgreSQL) -> None:
    indexed = postgresql.sql("SELECT string_agg(indexdef, ' ') FROM pg_indexes WHERE tablename = 'renewal_session'")
    assert indexed
    changed = ("superseded", "current", "next", "rotated_at", "last_used_at", "idle_expires_at")
    assert not [column for column in changed if column in indexed]


def test_purging_waits_for_no_row_that_somebody_holds(store: Store, postgresql: PostgreSQL) -> None:
    for name in ("free", "held"):
        put(store, a_session(name, idle_expires_at=NOW))
    with ThreadPoolExecutor(1) as threads:
        lock = "BEGIN; SELECT 1 FROM renewal_session WHERE id = 'held' FOR UPDATE; SELECT pg_sleep(3); COMMIT"
        holding = threads.submit(postgresql.sql, lock)
        while postgresql.sql("SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock'") == "0":
            assert not holding.done()
        store.purge(now=NOW, after="", examine=10)
        assert not holding.done()
    assert store.find("free") is None
    assert store.find("held") is not None
