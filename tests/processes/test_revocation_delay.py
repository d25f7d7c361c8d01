"""How long an access token of an ended session still works on another server."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from engines import PostgreSQL, Redis, wait_until
from faults import sleeping_on
from on_postgresql import *  # noqa: F403 - fixtures
from on_postgresql import serving_on
from patience import PATIENCE, PATIENCE_MS
from servers import UNHURRIED, Server, Visitor, serving

WAITING = "pg_stat_activity WHERE wait_event_type = 'Lock'"

Serve = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL", "Redis"])
def start(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Return what starts servers that share one store of sessions."""
    folder = tmp_path_factory.mktemp("servers")
    if request.param == "PostgreSQL":
        url = request.getfixturevalue("migrated").url
        yield partial(serving_on, folder, {**UNHURRIED, "SQLALCHEMY_DATABASE_URI": url})
    elif request.param == "SQLite":
        yield partial(serving, folder)
    else:
        server = Redis()
        try:
            yield partial(serving, folder, RENEWAL_STORE=server.start().url)
        finally:
            server.remove()


@pytest.fixture(scope="module")
def two_servers(start: Serve) -> Iterator[list[Server]]:
    """Return two on one store, which are there before the test that has to be alone."""
    with start() as one, start() as other:
        yield [one, other]


def admitted_seconds(server: Server, visitor: Visitor, *, longest: float) -> float:
    """Return after how many seconds, counted from now, the last request was sent that this server let in."""
    begin, last = time.monotonic(), 0.0
    while (sent := time.monotonic() - begin) < longest:
        status = server.get("/auth/me", access=visitor.access).status
        if status == 401:
            return last
        assert status == 200
        last = sent
    pytest.fail("the token goes on working")


def test_servers_of_one_store_publish_the_same_keys(two_servers: list[Server]) -> None:
    """Starts them; neither has looked for endings yet, so the next test sees the longest delay that there is."""
    assert len({server.get("/.well-known/jwks.json").text for server in two_servers}) == 1


@pytest.mark.alone
def test_an_ended_session_stops_working_everywhere_within_the_delay(two_servers: list[Server]) -> None:
    ending, admitting = two_servers
    assert seconds_from_ending_to_refusal(ending, admitting) <= 2


def test_without_a_delay_an_ended_session_stops_working_at_once(tmp_path: Path) -> None:
    start = partial(serving, tmp_path, RENEWAL_REVOCATION_DELAY=0)
    with start() as ending, start() as admitting:
        assert seconds_from_ending_to_refusal(ending, admitting) == 0


def test_an_ending_that_is_committed_long_after_its_time_was_taken_is_found(
    serve: Serve, postgresql: PostgreSQL
) -> None:
    patient = {"connect_args": {"options": f"-c statement_timeout={2 * PATIENCE_MS}"}}
    with (
        serve(SQLALCHEMY_ENGINE_OPTIONS=patient) as ending,
        serve(workers=1) as admitting,
        ThreadPoolExecutor(1) as threads,
    ):
        alice = ending.register("alice")
        with sleeping_on(postgresql, "SELECT 1 FROM renewal_session FOR UPDATE"):
            logout = threads.submit(ending.post, "/auth/logout", refresh=alice.refresh)
            wait_until(lambda: postgresql.sql(f"SELECT count(*) FROM {WAITING}") == "1", "the ending waits for no row")
            let_in_until = time.monotonic() + 3  # who has ended is looked for every second
            while time.monotonic() < let_in_until:
                assert admitting.get("/auth/me", access=alice.access).status == 200
        assert logout.result().status == 204
        admitted_seconds(admitting, alice, longest=PATIENCE)


def seconds_from_ending_to_refusal(ending: Server, admitting: Server) -> float:
    alice = ending.register("alice")
    assert admitting.get("/auth/me", access=alice.access).status == 200
    assert ending.post("/auth/logout", refresh=alice.refresh).status == 204
    assert ending.get("/auth/me", access=alice.access).status == 401
    return admitted_seconds(admitting, alice, longest=10)
