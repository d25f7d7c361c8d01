"""What clients see, and which sessions are lost, while MariaDB fails behind real servers."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from engines import MariaDB
from on_mariadb import *  # noqa: F403 - fixtures
from on_postgresql import Serve
from servers import PASSWORD, Server, Visitor
from storms import sessions_lost, storming

SESSIONS = "renewal_session WRITE"


def registered(server: Server, count: int) -> list[Visitor]:
    return [server.register(f"visitor{number}") for number in range(count)]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "crashed"])
def test_a_restart_in_a_storm_loses_no_session(serve_on_mariadb: Serve, mariadb: MariaDB, how: signal.Signals) -> None:
    with serve_on_mariadb() as server:
        *visitors, gone = registered(server, 9)
        assert server.post("/auth/logout", refresh=gone.refresh).status == 204
        time.sleep(2.1)
        assert {server.get("/guarded", access=gone.access).status for _ in range(8)} == {401}
        with storming(server, visitors) as storm:
            time.sleep(0.5)
            mariadb.stop(how)
            time.sleep(1)
            assert {server.get("/guarded", access=visitor.access).status for visitor in visitors} == {200}
            assert server.get("/guarded", access=gone.access).status == 401
            mariadb.start()
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert set(storm.statuses) == {200, 503}
        assert sessions_lost(visitors, server) == 0


def test_a_server_that_is_killed_in_a_storm_loses_no_session(serve_on_mariadb: Serve) -> None:
    with serve_on_mariadb() as server:
        visitors = registered(server, 6)
        with storming(server, visitors) as storm:
            time.sleep(0.7)
            server.kill()
            storm.wait_for("none")
        assert set(storm.statuses) <= {200, "none"}
    with serve_on_mariadb() as server:
        assert sessions_lost(visitors, server) == 0


def test_connections_that_died_idle_are_noticed_by_no_client(serve_on_mariadb: Serve, mariadb: MariaDB) -> None:
    with serve_on_mariadb() as server:
        alice = server.register("alice")
        for _ in range(3):
            with ThreadPoolExecutor(8) as threads:
                list(threads.map(lambda _: server.get("/auth/me", access=alice.access), range(8)))
            kill_connections(mariadb)
            assert alice.refreshes(server).status == 200
            kill_connections(mariadb)
            login = server.post("/auth/login", content={"username": "alice", "password": PASSWORD})
            assert login.status == 200


def kill_connections(mariadb: MariaDB) -> None:
    others = mariadb.sql("SELECT id FROM information_schema.processlist WHERE db = 'renewal' AND command = 'Sleep'")
    assert others
    assert mariadb.sql(";".join(f"KILL {each}" for each in others.split())) is not None


def test_a_primary_that_turned_read_only_refuses_for_now_and_goes_on_afterwards(
    serve_on_mariadb: Serve, mariadb: MariaDB
) -> None:
    assert mariadb.sql("CREATE OR REPLACE USER app; GRANT ALL ON renewal.* TO app") is not None
    as_user = mariadb.url.replace("root@", "app@")  # root may write all the same
    with serve_on_mariadb(SQLALCHEMY_DATABASE_URI=as_user) as server:
        visitors = registered(server, 6)
        with storming(server, visitors) as storm:
            time.sleep(0.3)
            mariadb.sql("SET GLOBAL read_only = ON")
            time.sleep(0.5)
            assert server.get("/auth/me", access=visitors[0].access).status == 200
            assert server.post("/auth/logout", refresh=visitors[0].refresh).status == 503
            mariadb.sql("SET GLOBAL read_only = OFF")
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert storm.statuses[503]
        assert sessions_lost(visitors, server) == 0


@pytest.mark.parametrize(
    "held",
    ["BEGIN; SELECT count(*) FROM renewal_session FOR UPDATE", f"LOCK TABLES {SESSIONS}"],
    ids=["rows", "the table"],
)
def test_what_stays_locked_is_refused_for_now_after_a_bounded_time(
    serve_on_mariadb: Serve, mariadb: MariaDB, held: str
) -> None:
    with serve_on_mariadb(workers=1) as server, ThreadPoolExecutor(1) as threads:
        visitors = registered(server, 4)
        holding = threads.submit(mariadb.sql, f"{held}; SELECT sleep(7)")
        time.sleep(0.5)
        with storming(server, visitors) as storm:
            while not holding.done():
                assert server.get("/guarded", access=visitors[0].access).status == 200
                time.sleep(0.1)
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert storm.statuses[503]
        assert storm.slowest < 8
        assert sessions_lost(visitors, server) == 0


def test_two_servers_share_the_sessions_of_one_database(serve_on_mariadb: Serve) -> None:
    with serve_on_mariadb() as here, serve_on_mariadb() as there:
        visitors = registered(here, 6)
        with storming([here, there], visitors) as storm:
            time.sleep(2)
        assert set(storm.statuses) == {200}
        assert sessions_lost(visitors, there) == 0
