"""What each request costs PostgreSQL, counted in its own log: whatever reaches the server is in it."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from engines import PostgreSQL
from on_postgresql import *  # noqa: F403 - fixtures
from on_postgresql import Serve
from servers import PASSWORD

Received = Callable[[], list[str]]

_STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]+): *(.*)")


@pytest.fixture
def received(postgresql: PostgreSQL) -> Iterator[Received]:
    """Return what tells how each statement began that the server was sent since it was asked last."""
    seen = 0

    def since() -> list[str]:
        nonlocal seen
        marker = f"marker {time.monotonic_ns()}"
        assert postgresql.sql(f"SELECT '{marker}'") is not None
        log = (postgresql.folder / "log").read_text()
        news, seen = log[seen:], len(log)
        assert marker in news
        return [statement for statement in _STATEMENT.findall(news) if marker not in statement]

    log_statements(postgresql, "all")
    since()
    yield since
    log_statements(postgresql, "none")


def log_statements(postgresql: PostgreSQL, which: str) -> None:
    assert postgresql.sql(f"ALTER SYSTEM SET log_statement = '{which}'") is not None
    assert postgresql.sql("SELECT pg_reload_conf()") == "t"


def words(statements: list[str]) -> list[str]:
    return [statement.split()[0] for statement in statements]


def test_a_refresh_is_one_statement_and_a_quiet_one_two(serve: Serve, received: Received) -> None:
    with serve(workers=1, RENEWAL_QUIET_WINDOW=60) as server:
        alice = server.register("alice")
        received()
        for expected in (["UPDATE"], ["UPDATE", "SELECT"]):
            assert alice.refreshes(server).status == 200
            assert words(received()) == expected


def test_signing_in_is_five_and_signing_out_one(serve: Serve, received: Received) -> None:
    with serve(workers=1) as server:
        server.register("alice")
        received()
        login = server.post("/auth/login", content={"username": "alice", "password": PASSWORD})
        assert words(received()) == ["SELECT", "SELECT", "INSERT", "SELECT", "SELECT"]
        assert server.post("/auth/logout", refresh=login.cookies["refresh_token"]).status == 204
        assert words(received()) == ["UPDATE"]


def test_guarded_requests_ask_once_a_second_who_has_ended_and_else_nothing(serve: Serve, received: Received) -> None:
    with serve(workers=1) as server:
        alice = server.register("alice")
        received()
        began, served = time.monotonic(), 0
        while (took := time.monotonic() - began) < 2.5 or served <= 20:
            assert server.get("/guarded", access=alice.access).status == 200
            served += 1
        asked = received()
        assert set(asked) == {"SELECT renewal_session.id, renewal_session.ended_at "}
        assert 2 <= len(asked) <= took + 2
