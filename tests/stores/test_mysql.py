"""The suite of stores against a MariaDB server, and what is MariaDB's and MySQL's own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from case_table import *  # noqa: F403
from engines import MariaDB, wait_until
from sql_stores import open_sql_store
from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine, event

from flask_renewal.ground.errors import StoreUnavailableError
from flask_renewal.stores.base import Ending, Store
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore
from flask_renewal.testing.store_suite import *  # noqa: F403
from flask_renewal.testing.store_suite import OpenStore
from flask_renewal.testing.store_suite.moves import DAY, NOW, a_session, put, swap, use

Received = Callable[[], list[str]]


@pytest.fixture(scope="module")
def mariadb() -> Iterator[MariaDB]:
    """A server whose zone, alphabet and isolation are such that only what is said in each place makes it right."""
    server = MariaDB()
    odd = {"default-time-zone": "+05:30", "character-set-server": "latin1", "transaction-isolation": "SERIALIZABLE"}
    try:
        server.start(max_connections="300", innodb_flush_log_at_trx_commit="2", **odd)
        open_sql_store(server.url, create=True)
        yield server
    finally:
        server.remove()


@pytest.fixture
def open_store(mariadb: MariaDB) -> OpenStore:
    assert mariadb.sql("DELETE FROM renewal_session") is not None
    return partial(open_sql_store, mariadb.url)


@pytest.fixture
def received(mariadb: MariaDB) -> Iterator[Received]:
    """Return what tells how each statement began that the server was sent since it was asked last."""
    log, seen = mariadb.folder / "statements", 0
    assert mariadb.sql(f"SET GLOBAL general_log_file = '{log}'; SET GLOBAL general_log = ON") is not None

    def since() -> list[str]:
        nonlocal seen
        lines = log.read_text().splitlines()
        news, seen = lines[seen:], len(lines)
        return [line.split("\t")[-1].split()[0] for line in news if "Query\t" in line]

    since()
    yield since
    assert mariadb.sql("SET GLOBAL general_log = OFF") is not None


def store_on(engine: Engine) -> SQLStore:
    return SQLStore(Database(engine), session_table(MetaData()))


def warm(store: Store) -> None:
    """Let what is made once in a process be made: connections, and statements."""
    put(store, a_session("warm"))
    store.touch("warm", use())
    store.rotate(swap("warm", "one"))


def test_a_rotation_is_two_statements_and_one_that_does_nothing_is_one(store: Store, received: Received) -> None:
    warm(store)
    put(store, a_session("one"))
    received()
    assert store.rotate(swap("one", "one"))
    assert received() == ["UPDATE", "SELECT"]
    assert store.rotate(swap("one", "another")) is None
    assert received() == ["UPDATE"]


def test_a_use_is_two_statements_as_well(store: Store, received: Received) -> None:
    warm(store)
    received()
    assert store.touch("warm", use())
    assert received() == ["UPDATE", "SELECT"]


def test_times_are_written_in_utc_whatever_the_zone_of_the_server(store: Store, mariadb: MariaDB) -> None:
    put(store, a_session("one"))
    assert mariadb.sql("SELECT created_at FROM renewal_session") == "2029-12-30 12:00:00.000000"
    found = store.find("one")
    assert found is not None
    assert (found.created_at, found.created_at.utcoffset()) == (a_session("one").created_at, timedelta(0))


@pytest.mark.parametrize("other", ["SID", "síd", "sid\u0301"])
def test_ids_and_tokens_are_compared_byte_by_byte(store: Store, other: str) -> None:
    put(store, a_session("sid", user_id="sid", next="sid"))
    assert store.find(other) is store.rotate(swap("sid", other)) is None
    assert not store.list(other, now=NOW)
    assert not store.end(Ending(reason="logout", now=NOW, user_id=other))


def test_a_space_at_the_end_makes_another_id(store: Store) -> None:
    """What both MariaDB and MySQL compare byte by byte they pad with spaces."""
    mine, padded = put(store, a_session("one")), put(store, a_session("two", user_id="alice "))
    assert (store.list("alice", now=NOW), store.list("alice ", now=NOW)) == ([mine], [padded])
    assert store.history("alice") == [mine]
    assert store.find("one ") is store.rotate(swap("one ", "one")) is store.touch("one ", use()) is None
    assert store.rename("one", user_id="alice ", device="stolen", now=NOW) is None
    assert store.set_claims("one ", {}, now=NOW) is None
    for session_id, user_id in (("one ", None), ("one", "alice "), (None, "alice  ")):
        assert store.end(Ending(reason="test", now=NOW, session_id=session_id, user_id=user_id)) == []
    assert [each.id for each in store.end(Ending(reason="test", now=NOW, user_id="alice ", but="two "))] == ["two"]
    assert store.start(replace(padded, id="three", user_id="alice"), keep=2) == []
    assert mine in store.list("alice", now=NOW)


def hold(mariadb: MariaDB, *ids: str) -> Connection:
    """Lock these rows until the connection is closed."""
    other = create_engine(mariadb.url, poolclass=NullPool, isolation_level="READ COMMITTED").connect()
    for each in ids:
        other.exec_driver_sql(f"SELECT 1 FROM renewal_session WHERE id = '{each}' FOR UPDATE")
    return other


def test_a_use_does_not_wait_for_a_row_that_somebody_holds(store: Store, mariadb: MariaDB) -> None:
    put(store, a_session("one"))
    count = "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'Innodb_row_lock_waits'"
    with hold(mariadb, "one"):
        waited = mariadb.sql(count)
        with pytest.raises(StoreUnavailableError):
            store.touch("one", use())
        assert mariadb.sql(count) == waited
    assert store.touch("one", use()) is not None


def test_purging_waits_for_no_row_that_somebody_holds(store: Store, mariadb: MariaDB) -> None:
    for name in ("free", "held"):
        put(store, a_session(name, idle_expires_at=NOW))
    with hold(mariadb, "held"):
        store.purge(now=NOW, after="", examine=10)
        assert [store.find(name) is not None for name in ("free", "held")] == [False, True]


def test_a_rotation_waits_for_a_row_no_longer_than_the_host_lets_it(store: Store, mariadb: MariaDB) -> None:
    put(store, a_session("one"))
    init = {"init_command": "SET SESSION innodb_lock_wait_timeout = 1"}
    with hold(mariadb, "one"), pytest.raises(StoreUnavailableError):
        store_on(create_engine(mariadb.url, connect_args=init)).rotate(swap("one", "one"))


def test_whoever_gives_way_in_a_deadlock_tries_again(store: Store, mariadb: MariaDB) -> None:
    put(store, a_session("one"))
    put(store, a_session("two"))
    for number in range(20):
        put(store, a_session(f"bobs{number}", user_id="bob"))
    with hold(mariadb, "two") as other, ThreadPoolExecutor(1) as threads:
        other.exec_driver_sql("UPDATE renewal_session SET device = 'has more to lose' WHERE user_id = 'bob'")
        ended = threads.submit(store.end, Ending(reason="logout", now=NOW, user_id="alice"))
        wait_until(lambda: waits(mariadb), "nobody waits for the second session")
        other.exec_driver_sql("SELECT 1 FROM renewal_session WHERE id = 'one' FOR UPDATE")
        other.rollback()
        assert {session.id for session in ended.result()} == {"one", "two"}
    assert "DEADLOCK" in str(mariadb.sql("SHOW ENGINE INNODB STATUS"))


def waits(mariadb: MariaDB) -> bool:
    return "LOCK WAIT" in str(mariadb.sql("SELECT trx_state FROM information_schema.innodb_trx"))


def test_a_host_without_a_pool_has_it_all(mariadb: MariaDB, store: Store) -> None:
    bare = store_on(create_engine(mariadb.url, poolclass=NullPool))
    put(bare, a_session("one"))
    assert bare.rotate(swap("one", "one"))
    assert bare.touch("one", use())
    assert [session.id for session in bare.end(Ending(reason="logout", now=NOW, user_id="alice"))] == ["one"]
    assert bare.purge(now=NOW + 99 * DAY, after="", examine=9).count == 1


@pytest.mark.parametrize("verb", ["rotate", "touch", "end"])
def test_what_finds_a_row_by_its_key_looks_at_no_other_index(store: Store, mariadb: MariaDB, verb: str) -> None:
    sent: list[str] = []
    put(store, a_session("one"))
    engine = create_engine(mariadb.url)
    listening = store_on(engine)
    event.listen(engine, "before_cursor_execute", lambda *what: sent.append(what[1].mogrify(what[2], what[3])))
    {
        "rotate": lambda: listening.rotate(swap("one", "one")),
        "touch": lambda: listening.touch("one", use(), authenticated=True),
        "end": lambda: listening.end(Ending(reason="logout", now=NOW, session_id="one")),
    }[verb]()
    for statement in sent:
        assert "ix_renewal_session" not in str(mariadb.sql(f"EXPLAIN {statement}")), statement
