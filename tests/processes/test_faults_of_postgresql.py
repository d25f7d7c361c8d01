"""What clients see, and which sessions are lost, while PostgreSQL fails behind real servers."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from engines import PostgreSQL
from faults import (
    connections_die_idle,
    kill_the_application,
    registered,
    restart_in_a_storm,
    share_one_database,
    turn_read_only,
)
from on_postgresql import *  # noqa: F403 - fixtures
from on_postgresql import Serve
from servers import Server, Visitor
from storms import sessions_lost, storming

ONE_CONNECTION = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_a_restart_in_a_storm_loses_no_session(serve: Serve, postgresql: PostgreSQL, how: signal.Signals) -> None:
    restart_in_a_storm(serve, stop=partial(postgresql.stop, how), start=partial(postgresql.start, fsync="off"))


def test_an_application_that_is_killed_in_a_storm_loses_no_session(serve: Serve) -> None:
    kill_the_application(serve)


def test_connections_that_died_idle_are_noticed_by_no_client(serve: Serve, postgresql: PostgreSQL) -> None:
    connections_die_idle(serve, kill=partial(kill_connections, postgresql))


def kill_connections(postgresql: PostgreSQL) -> int:
    killed = postgresql.sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    return int(killed or 0)


def test_a_primary_that_turned_read_only_refuses_for_now_and_goes_on_afterwards(
    serve: Serve, postgresql: PostgreSQL
) -> None:
    turn_read_only(serve, turn=partial(read_only, postgresql))


def read_only(postgresql: PostgreSQL, state: str) -> None:
    assert postgresql.sql(f"ALTER SYSTEM SET default_transaction_read_only = {state}") is not None
    assert postgresql.sql("SELECT pg_reload_conf()") == "t"


def test_whoever_finds_no_free_connection_waits_a_bounded_time(serve: Serve, postgresql: PostgreSQL) -> None:
    with serve(workers=1, SQLALCHEMY_ENGINE_OPTIONS=ONE_CONNECTION) as server, ThreadPoolExecutor(1) as threads:
        visitors = registered(server, 3)  # the store keeps one connection, the pool has another
        lock = "BEGIN; SELECT 1 FROM renewal_session FOR UPDATE; SELECT pg_sleep(4); COMMIT"
        holding = threads.submit(postgresql.sql, lock)
        time.sleep(0.5)
        with storming(server, visitors) as storm:
            time.sleep(2.5)
            assert server.get("/guarded", access=visitors[0].access).status == 200
            holding.result()
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert storm.statuses[503]
        assert sessions_lost(visitors, server) == 0


def test_while_the_database_hangs_access_tokens_go_on_being_served(serve: Serve, postgresql: PostgreSQL) -> None:
    with serve(workers=1) as server, ThreadPoolExecutor(1) as threads:
        visitors = registered(server, 4)
        holding = threads.submit(postgresql.sql, "BEGIN; LOCK TABLE renewal_session; SELECT pg_sleep(7); COMMIT")
        time.sleep(0.5)
        with storming(server, visitors) as storm:
            waits = []
            while not holding.done():
                waits.append(guarded_seconds(server, visitors[len(waits) % 4]))
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert storm.statuses[503]
        assert storm.slowest < 8
        late = sum(wait > 1 for wait in waits)
        assert late <= 4  # one for each visitor
        assert len(waits) > late  # the others went on, as many as the machine could do
        assert sessions_lost(visitors, server) == 0


def guarded_seconds(server: Server, visitor: Visitor) -> float:
    """Return how long a guarded request took that was let in."""
    began = time.monotonic()
    assert server.get("/guarded", access=visitor.access).status == 200
    time.sleep(0.02)
    return time.monotonic() - began


def test_two_servers_share_the_sessions_of_one_database(serve: Serve) -> None:
    share_one_database(serve)


def test_starting_without_tables_says_what_to_run(serve: Serve, postgresql: PostgreSQL) -> None:
    postgresql.sql("CREATE DATABASE empty")
    with serve(workers=1, SQLALCHEMY_DATABASE_URI=f"{postgresql.url.removesuffix('postgres')}empty") as server:
        answer = server.get("/readyz")
        assert (answer.status, answer.json["code"]) == (503, "store_unavailable")
        assert "db upgrade" in answer.json["detail"]
        subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], check=True, **server.place)
        assert server.get("/readyz").status == 200
