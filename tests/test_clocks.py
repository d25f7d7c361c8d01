"""A machine whose clock is not the store's takes no part in sessions. The clock that tests move is no machine's."""

import heapq
import logging
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from answers import COOKIE, assert_problem
from conftest import PASSWORD, Clock, bearer
from engines import Redis
from flask import Flask
from flask.testing import FlaskClient

from flask_renewal.ambient import Ambient
from flask_renewal.clocks import tolerance
from flask_renewal.rotation import Verdict, judge, step
from flask_renewal.store_suite.moves import IDLE, NOW, WINDOW, a_session

ALICE = {"username": "alice", "password": PASSWORD}


class Machine:
    """A machine's clock, which can be set wrong."""

    def __init__(self) -> None:
        self.wrong_by = 0.0

    def __call__(self) -> float:
        return time.time() + self.wrong_by

    def now(self) -> datetime:
        return datetime.fromtimestamp(self(), timezone.utc)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def app(make_app: Callable[..., Flask], redis: Redis, machine: Machine) -> Flask:
    """An application whose sessions are elsewhere, with a quiet window of 60 seconds."""
    return make_app(RENEWAL_STORE=redis.url, ambient=Ambient(now=machine.now, machine=machine))


@pytest.mark.parametrize(("window", "seconds"), [(60, 15), (1, 0.25), (120, 30), (300, 30), (0, 30)])
def test_a_quarter_of_the_quiet_window_is_tolerated_and_half_a_minute_at_most(window: int, seconds: float) -> None:
    assert tolerance(timedelta(seconds=window)) == seconds


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("wrong_by", [14, -14])
def test_a_clock_within_the_tolerance_serves(client: FlaskClient, machine: Machine, wrong_by: float) -> None:
    machine.wrong_by = wrong_by
    assert client.post("/auth/refresh").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("wrong_by", [16, -16, 300, -300, 86400 * 365])
@pytest.mark.parametrize(
    ("path", "content"),
    [("refresh", None), ("logout", None), ("login", ALICE), ("register", {**ALICE, "username": "bob"})],
)
def test_a_wrong_clock_refuses_for_now_and_keeps_the_cookie(
    client: FlaskClient, machine: Machine, wrong_by: float, path: str, content: Any
) -> None:
    machine.wrong_by = wrong_by
    for answer in (client.post(f"/auth/{path}", json=content), client.get("/readyz")):
        assert "clock" in assert_problem(answer, 503, "store_unavailable")["detail"]
        assert int(answer.headers["Retry-After"]) > 0
        assert "Set-Cookie" not in answer.headers
    machine.wrong_by = 0
    assert client.post("/auth/refresh").status_code == 200
    assert client.post(f"/auth/{path}", json=content).status_code in (200, 201, 204)


@pytest.mark.parametrize("wrong_by", [300, -300, 86400 * 365])
def test_access_tokens_are_served_by_the_stores_time(
    client: FlaskClient, login: dict[str, Any], machine: Machine, wrong_by: float
) -> None:
    machine.wrong_by = wrong_by
    assert client.get("/readyz").status_code == 503
    assert client.get("/auth/me", headers=bearer(login["access_token"])).status_code == 200


def test_a_password_that_cannot_end_other_sessions_is_not_changed(
    client: FlaskClient, login: dict[str, Any], machine: Machine
) -> None:
    new = {"current_password": PASSWORD, "new_password": "another staple horse battery"}
    machine.wrong_by = 300
    for _ in range(2):
        refused = client.put("/auth/password", json=new, headers=bearer(login["access_token"]))
        assert_problem(refused, 503, "store_unavailable")
    machine.wrong_by = 0
    assert client.put("/auth/password", json=new, headers=bearer(login["access_token"])).status_code == 204


def test_a_command_refuses_to_purge_by_a_wrong_clock(app: Flask, machine: Machine) -> None:
    machine.wrong_by = 86400 * 365
    refused = app.test_cli_runner().invoke(args=["sessions", "purge"])
    assert (refused.exit_code, "clock" in refused.output) == (1, True)
    machine.wrong_by = 0
    assert app.test_cli_runner().invoke(args=["sessions", "purge"]).exit_code == 0


def test_a_process_that_starts_with_a_wrong_clock_knows_it_before_it_judges(
    make_app: Callable[..., Flask], client: FlaskClient, login: dict[str, Any], redis: Redis
) -> None:
    wrong, cookie = Machine(), client.get_cookie(COOKIE)
    wrong.wrong_by = 300
    started = make_app(RENEWAL_STORE=redis.url, ambient=Ambient(now=wrong.now, machine=wrong)).test_client()
    started.set_cookie(COOKIE, cookie.value if cookie else "")
    assert started.post("/auth/refresh").status_code == 503
    assert client.post("/auth/refresh").status_code == 200


@pytest.mark.usefixtures("login")
def test_a_clock_that_is_set_is_noticed_without_the_store(
    client: FlaskClient, machine: Machine, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/auth/refresh").status_code == 200
    redis.cli("config", "resetstat")
    for wrong_by, status in ((300, 503), (0, 200), (-300, 503), (0, 200)):
        machine.wrong_by = wrong_by
        for _ in range(3):
            assert client.post("/auth/refresh").status_code == status
    assert "cmdstat_time" not in redis.cli("info", "commandstats")
    said = [(record.levelno, record.getMessage().split()[0]) for record in caplog.records if "clock" in record.name]
    assert said == [(logging.CRITICAL, "clock_wrong"), (logging.WARNING, "clock_right")] * 2


def test_the_clock_of_a_test_moves_without_harm(make_app: Callable[..., Flask], redis: Redis, clock: Clock) -> None:
    client = make_app(RENEWAL_STORE=redis.url).test_client()
    assert client.post("/auth/register", json={**ALICE, "username": "carol"}).status_code == 201
    for _ in range(3):
        clock.tick(days=2)
        assert client.post("/auth/refresh").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_beside_a_file_no_clock_is_wrong(make_app: Callable[..., Flask], machine: Machine) -> None:
    client = make_app(ambient=Ambient(now=machine.now, machine=machine)).test_client()
    machine.wrong_by = 300
    assert client.post("/auth/register", json=ALICE).status_code == 201
    assert client.get("/readyz").status_code == 200


def refusals(apart: timedelta, *, seed: int) -> int:
    """Let three tabs refresh at two servers whose clocks are this far apart, and return how often one is refused.

    Requests and answers are under way for up to a quarter of the window each; three answers in ten are lost.
    """
    chance = random.Random(seed)
    chain, jar, quarter = a_session("sid"), "one", WINDOW / 4
    events = [(NOW, number, "send", "") for number in range(3)]
    refused = 0
    for number in range(3, 400):
        moment, _, what, token = heapq.heappop(events)
        if what == "send":
            heapq.heappush(events, (moment + chance.random() * quarter, number, "judge", jar))
            heapq.heappush(events, (moment + chance.random() * 2 * WINDOW, number + 1000, "send", ""))
        elif what == "arrive":
            jar = token
        else:
            now = moment + chance.choice((apart, -apart)) / 2
            verdict = judge(chain, token, now=now, window=WINDOW)
            refused += verdict is Verdict.REUSE
            if verdict in (Verdict.ROTATE, Verdict.REPLACE):
                chain = step(chain, verdict, fresh=f"t{number}", now=now, idle_expires_at=NOW + IDLE)
                if chance.random() > 0.3:
                    heapq.heappush(events, (moment + chance.random() * quarter, number, "arrive", chain.next))
    return refused


def test_two_clocks_that_are_tolerated_refuse_no_honest_tab() -> None:
    apart = 2 * timedelta(seconds=tolerance(WINDOW))
    assert sum(refusals(apart, seed=seed) for seed in range(300)) == 0


def test_two_clocks_that_are_further_apart_would() -> None:
    assert sum(refusals(WINDOW, seed=seed) for seed in range(300)) > 0
