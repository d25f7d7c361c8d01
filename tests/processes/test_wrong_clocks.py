"""Three servers on one store, of which one has a clock that is five minutes fast, and one that is as slow."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from engines import Redis
from on_mariadb import *  # noqa: F403 - fixtures
from on_postgresql import *  # noqa: F403 - fixtures
from servers import Server, Visitor, serving
from storms import sessions_lost, storming

Serve = Callable[..., AbstractContextManager[Server]]

WINDOW = {"RENEWAL_QUIET_WINDOW": 1, "RATELIMIT_ENABLED": False}
STORM_SECONDS = 3


@pytest.fixture(params=["PostgreSQL", "MariaDB", "Redis"])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serve]:
    """Return what starts servers that share one store of sessions."""
    if request.param != "Redis":
        serve = request.getfixturevalue("serve" if request.param == "PostgreSQL" else "serve_on_mariadb")
        yield partial(serve, **{"workers": 1, **WINDOW})
        return
    redis = Redis()
    try:
        yield partial(serving, tmp_path, workers=1, application="host_app", RENEWAL_STORE=redis.start().url, **WINDOW)
    finally:
        redis.remove()


def test_clocks_five_minutes_wrong_sign_nobody_out(start: Serve, tmp_path: Path) -> None:
    with start() as right, off_by(start, 300) as fast, off_by(start, -300) as slow:
        visitors = [right.register(f"visitor{number}") for number in range(4)]
        for visitor, wrong in zip(visitors, [fast, slow] * 2, strict=True):
            open_two_tabs(visitor, *((right, wrong) if visitor in visitors[:2] else (wrong, right)))
        with storming([right, fast, slow], [*visitors, *visitors]) as storm:
            time.sleep(STORM_SECONDS)
            storm.wait_for(200, times=21)
        storm.check_that_nobody_was_sent_away()
        assert storm.statuses[503] == 0
        for wrong in (fast, slow):
            check_that_it_takes_part_in_everything(wrong, visitors[0])
            assert wrong.log.read_text().count("clock_wrong") == 1
        (tmp_path / "mended").touch()
        for server in (fast, slow, right):
            assert server.get("/readyz").status == 200
            assert sessions_lost(visitors, server) == 0


def off_by(start: Serve, seconds: float) -> AbstractContextManager[Server]:
    return start(environ={"CLOCK_WRONG_BY": str(seconds)})


def open_two_tabs(visitor: Visitor, first: Server, second: Server) -> None:
    """Let two tabs refresh at once, each at one of the servers; the answer of the first reaches the browser last."""
    answers = [server.post("/auth/refresh", refresh=visitor.refresh) for server in (first, second)]
    for answer in reversed(answers):
        visitor.refresh = answer.cookies.get("refresh_token") or visitor.refresh


def check_that_it_takes_part_in_everything(wrong: Server, alice: Visitor) -> None:
    """Check that a server whose clock is wrong starts and ends sessions, and serves whom it knows."""
    assert wrong.get("/readyz").status == 200
    assert wrong.get("/guarded", access=alice.access).status == 200
    mallory = wrong.register(f"mallory{wrong.process.pid}")
    assert wrong.post("/auth/logout", refresh=mallory.refresh).status == 204
