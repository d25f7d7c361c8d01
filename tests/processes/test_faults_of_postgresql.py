"""What clients see, and which sessions are lost, while PostgreSQL fails behind real servers."""

import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from engines import PostgreSQL
from faults import (
    connections_die_idle,
    kill_the_application,
    registered,
    restart_in_a_storm,
    share_one_database,
    sleeping_on,
    turn_read_only,
)
from on_postgresql import *  # noqa: F403 - fixtures
from on_postgresql import Serve
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
    with serve(workers=1, SQLALCHEMY_ENGINE_OPTIONS=ONE_CONNECTION) as server:
        visitors = registered(server, 3)  # the store keeps one connection, the pool has another
        with storming(server, visitors) as storm:
            with sleeping_on(postgresql, "SELECT 1 FROM renewal_session FOR UPDATE"):
                storm.wait_for(503)
                assert server.get("/guarded", access=visitors[0].access).status == 200
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert sessions_lost(visitors, server) == 0


def test_while_the_database_hangs_access_tokens_go_on_being_served(serve: Serve, postgresql: PostgreSQL) -> None:
    with serve(workers=1) as server:
        visitors = registered(server, 4)
        with storming(server, visitors) as storm:
            with sleeping_on(postgresql, "LOCK TABLE renewal_session"):
                for _ in range(3):
                    assert {server.get("/guarded", access=visitor.access).status for visitor in visitors} == {200}
                storm.wait_for(503)
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert sessions_lost(visitors, server) == 0


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
