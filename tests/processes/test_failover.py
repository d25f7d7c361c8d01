"""A streaming standby takes over from a primary that dies in a refresh storm."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from engines import PostgreSQL, wait_until
from on_postgresql import migrate
from servers import UNHURRIED, Server, serving
from storms import sessions_lost, storming


@dataclass
class Pair:
    """A primary and its standby, on addresses of which clients use the one that takes writes."""

    primary: PostgreSQL
    standby: PostgreSQL

    @property
    def url(self) -> str:
        hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        return f"postgresql+psycopg://postgres@/postgres?{hosts}&target_session_attrs=read-write"

    def replicate_synchronously(self) -> None:
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")
        wait_until(lambda: self.primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync", "not synchronous")

    def cut(self) -> None:
        """Let nothing reach the standby any more."""
        assert self.standby.sql("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'") is not None
        assert self.standby.sql("SELECT pg_reload_conf()") == "t"
        wait_until(lambda: self.primary.sql("SELECT count(*) FROM pg_stat_replication") == "0", "still connected")

    def fail_over(self) -> None:
        """Kill the primary and let the standby take over."""
        self.primary.stop()
        assert self.standby.sql("SELECT pg_promote()") == "t"


@pytest.fixture
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    servers = [PostgreSQL()]
    try:
        servers[0].start(fsync="off")
        migrate(servers[0].url, tmp_path_factory.mktemp("migrating"))
        servers.append(PostgreSQL(primary=servers[0]))
        servers[1].start(fsync="off")
        wait_until(lambda: servers[0].sql("SELECT state FROM pg_stat_replication") == "streaming", "no replication")
        yield Pair(*servers)
    finally:
        for server in servers:
            server.remove()


@pytest.fixture
def server(pair: Pair, tmp_path: Path) -> Iterator[Server]:
    settings = {**UNHURRIED, "SQLALCHEMY_DATABASE_URI": pair.url}
    with serving(tmp_path, workers=2, application="host_app", **settings) as server:
        yield server


def test_a_synchronous_standby_that_takes_over_in_a_storm_loses_no_session(pair: Pair, server: Server) -> None:
    pair.replicate_synchronously()
    visitors = [server.register(f"visitor{number}") for number in range(8)]
    with storming(server, visitors) as storm:
        time.sleep(1)
        pair.cut()
        time.sleep(0.5)
        pair.fail_over()
        assert {server.get("/guarded", access=visitor.access).status for visitor in visitors} == {200}
        time.sleep(0.5)
    storm.check_that_nobody_was_sent_away()
    assert storm.statuses[503]
    assert sessions_lost(visitors, server) == 0


def test_an_asynchronous_standby_knows_no_token_that_was_handed_out_within_its_lag(pair: Pair, server: Server) -> None:
    *resting, returning, late = [server.register(f"visitor{number}") for number in range(6)]
    assert sessions_lost([*resting, returning, late], server) == 0
    replayed = "SELECT pg_last_wal_replay_lsn() >= '{}'".format(pair.primary.sql("SELECT pg_current_wal_lsn()"))
    wait_until(lambda: pair.standby.sql(replayed) == "t", "the standby does not follow")
    pair.cut()
    kept = returning.refresh
    assert sessions_lost([returning, late], server) == 0
    returning.refresh = kept
    pair.fail_over()
    assert sessions_lost([*resting, returning], server) == 0
    refused = late.refreshes(server)
    assert (refused.status, refused.json["code"], refused.cookies) == (
        401,
        "refresh_token_reused",
        {"refresh_token": ""},
    )
    assert server.get("/guarded", access=resting[0].access).status == 200
