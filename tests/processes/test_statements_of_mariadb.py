"""What each request costs MariaDB, counted in its own log: whatever reaches the server is in it."""

from collections.abc import Callable, Iterator

import pytest
from engines import MariaDB
from on_mariadb import *  # noqa: F403 - fixtures
from on_postgresql import Serve
from servers import PASSWORD

Received = Callable[[], list[str]]


@pytest.fixture
def received(mariadb: MariaDB) -> Iterator[Received]:
    """Return what tells how each statement began that the server was sent since it was asked last."""
    log, seen = mariadb.folder / "statements", 0
    assert mariadb.sql(f"SET GLOBAL general_log_file = '{log}'; SET GLOBAL general_log = ON") is not None

    def since() -> list[str]:
        nonlocal seen
        lines = log.read_text().splitlines()
        news, seen = lines[seen:], len(lines)
        return [line.split("Query\t")[1].split()[0] for line in news if "Query\t" in line]

    yield since
    assert mariadb.sql("SET GLOBAL general_log = OFF") is not None


def test_a_refresh_is_two_statements_and_a_quiet_one_too(serve_on_mariadb: Serve, received: Received) -> None:
    with serve_on_mariadb(workers=1, RENEWAL_QUIET_WINDOW=60) as server:
        warm, alice = server.register("warm"), server.register("alice")
        warm.refreshes(server)
        received()
        for expected in (["UPDATE", "SELECT"], ["UPDATE", "SELECT"]):
            assert alice.refreshes(server).status == 200
            assert received() == expected


def test_signing_in_is_five_and_signing_out_two(serve_on_mariadb: Serve, received: Received) -> None:
    with serve_on_mariadb(workers=1) as server:
        warm = server.register("alice")
        assert server.post("/auth/logout", refresh=warm.refresh).status == 204
        received()
        login = server.post("/auth/login", content={"username": "alice", "password": PASSWORD})
        assert received() == ["SELECT", "SELECT", "INSERT", "SELECT", "SELECT"]
        assert server.post("/auth/logout", refresh=login.cookies["refresh_token"]).status == 204
        assert received() == ["UPDATE", "SELECT"]
