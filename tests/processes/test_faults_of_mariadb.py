"""What clients see, and which sessions are lost, while MariaDB fails behind real servers."""

import signal
import time
from contextlib import AbstractContextManager
from functools import partial

import pytest
from engines import MariaDB
from faults import (
    connections_die_idle,
    held,
    kill_the_application,
    registered,
    restart_in_a_storm,
    share_one_database,
    turn_read_only,
)
from on_mariadb import *  # noqa: F403 - fixtures
from on_postgresql import Serve
from storms import sessions_lost, storming

SESSIONS = "renewal_session WRITE"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "crashed"])
def test_a_restart_in_a_storm_loses_no_session(serve_on_mariadb: Serve, mariadb: MariaDB, how: signal.Signals) -> None:
    restart_in_a_storm(serve_on_mariadb, stop=partial(mariadb.stop, how), start=mariadb.start)


def test_an_application_that_is_killed_in_a_storm_loses_no_session(serve_on_mariadb: Serve) -> None:
    kill_the_application(serve_on_mariadb)


def test_connections_that_died_idle_are_noticed_by_no_client(serve_on_mariadb: Serve, mariadb: MariaDB) -> None:
    connections_die_idle(serve_on_mariadb, kill=partial(kill_connections, mariadb))


def kill_connections(mariadb: MariaDB) -> int:
    told = mariadb.sql("SELECT id FROM information_schema.processlist WHERE db = 'renewal' AND command = 'Sleep'")
    others = (told or "").split()
    assert mariadb.sql(";".join(f"KILL {each}" for each in others)) is not None
    return len(others)


def test_a_primary_that_turned_read_only_refuses_for_now_and_goes_on_afterwards(
    serve_on_mariadb: Serve, mariadb: MariaDB
) -> None:
    assert mariadb.sql("CREATE OR REPLACE USER app; GRANT ALL ON renewal.* TO app") is not None
    as_user = mariadb.url.replace("root@", "app@")  # root may write all the same
    serve = partial(serve_on_mariadb, SQLALCHEMY_DATABASE_URI=as_user)
    turn_read_only(serve, turn=lambda state: mariadb.sql(f"SET GLOBAL read_only = {state}"))


def sleeping_on(mariadb: MariaDB, lock: str) -> AbstractContextManager[None]:
    """Let somebody take a lock and keep it."""
    asleep = "SELECT id FROM information_schema.processlist WHERE info = 'SELECT sleep(600)'"
    return held(
        lambda: mariadb.sql(f"{lock}; SELECT sleep(600)"),
        is_held=lambda: bool(mariadb.sql(asleep)),
        release=lambda: mariadb.sql(f"KILL {mariadb.sql(asleep)}"),
    )


@pytest.mark.parametrize(
    "lock",
    ["BEGIN; SELECT count(*) FROM renewal_session FOR UPDATE", f"LOCK TABLES {SESSIONS}"],
    ids=["rows", "the table"],
)
def test_what_stays_locked_is_refused_for_now_after_a_bounded_time(
    serve_on_mariadb: Serve, mariadb: MariaDB, lock: str
) -> None:
    with serve_on_mariadb(workers=1) as server:
        visitors = registered(server, 4)
        with storming(server, visitors) as storm:
            with sleeping_on(mariadb, lock):
                storm.wait_for(503)
                assert server.get("/guarded", access=visitors[0].access).status == 200
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert sessions_lost(visitors, server) == 0


def test_two_servers_share_the_sessions_of_one_database(serve_on_mariadb: Serve) -> None:
    share_one_database(serve_on_mariadb)
