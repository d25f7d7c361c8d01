"""A machine whose clock is not the store's goes by the store's. The clock that tests move is no machine's."""

import heapq
import logging
import random
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from answers import COOKIE, assert_problem
from conftest import PASSWORD, Clock, bearer
from engines import Redis
from flask import Flask
from flask.testing import FlaskClient
from forging import claims_of

from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.sessions.clocks import Reading, left_for_messages, tolerance
from flask_renewal.rotation import Verdict, judge, step
from flask_renewal.testing.store_suite.moves import IDLE, NOW, WINDOW, a_session

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


@pytest.fixture
def app(make_app: Callable[..., Flask], redis_server: Redis, machine: Machine) -> Flask:
    """An application whose sessions are elsewhere, with a quiet window of 60 seconds."""
    return make_app(RENEWAL_STORE=redis_server.url, ambient=Ambient(now=machine.now, machine=machine))


@pytest.mark.parametrize(("window", "seconds"), [(60, 15), (1, 0.25), (120, 30), (300, 30), (0, 30)])
def test_a_quarter_of_the_quiet_window_is_tolerated_and_half_a_minute_at_most(window: int, seconds: float) -> None:
    assert tolerance(timedelta(seconds=window)) == seconds


@pytest.mark.parametrize("seconds", [0.001, 1, 60, 120, 300])
def test_what_is_tolerated_leaves_half_of_the_window_to_messages(seconds: float) -> None:
    window = timedelta(seconds=seconds)
    assert left_for_messages(window, wrong_by=timedelta(seconds=tolerance(window))) >= window / 2


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("wrong_by", [14, -14])
def test_a_clock_within_the_tolerance_serves(client: FlaskClient, machine: Machine, wrong_by: float) -> None:
    machine.wrong_by = wrong_by
    assert client.post("/auth/refresh").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("wrong_by", [16, -16, 300, -300, 86400 * 365])
@pytest.mark.parametrize(
    ("path", "content"),
    [("refresh", None), ("logout", None), ("login", ALICE), ("register", {**ALICE, "username": "bob"})],
)
def test_a_wrong_clock_harms_nobody(
    client: FlaskClient, login: dict[str, Any], machine: Machine, wrong_by: float, path: str, content: Any
) -> None:
    machine.wrong_by = wrong_by
    assert client.get("/readyz").status_code == 200
    answer = client.post(f"/auth/{path}", json=content)
    assert answer.status_code in (200, 201, 204)
    machine.wrong_by = 0
    if path != "logout":
        assert client.post("/auth/refresh").status_code == 200
        assert client.get("/auth/me", headers=bearer(answer.get_json()["access_token"])).status_code == 200


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("wrong_by", [300, -300])
def test_what_is_written_and_issued_is_of_the_stores_time(
    client: FlaskClient, machine: Machine, wrong_by: float
) -> None:
    machine.wrong_by = wrong_by
    answer = client.post("/auth/refresh")
    claims = claims_of(answer.get_json()["access_token"])
    used = datetime.fromisoformat(answer.get_json()["session"]["last_used_at"].replace("Z", "+00:00"))
    assert abs(claims["iat"] - time.time()) < 60
    assert abs(used.timestamp() - time.time()) < 60
    assert client.get_cookie(COOKIE)


@pytest.mark.parametrize("wrong_by", [300, -300, 86400 * 365])
def test_access_tokens_are_served_by_the_stores_time(
    client: FlaskClient, login: dict[str, Any], machine: Machine, wrong_by: float
) -> None:
    machine.wrong_by = wrong_by
    assert client.post("/auth/refresh").status_code == 200
    assert client.get("/auth/me", headers=bearer(login["access_token"])).status_code == 200


@pytest.mark.parametrize("wrong_by", [20, -20, 300, -300])
def test_a_store_that_is_wrong_by_itself_harms_nobody(
    make_app: Callable[..., Flask], redis_server: Redis, machine: Machine, wrong_by: float
) -> None:
    machine.wrong_by = wrong_by  # for both of them: so it is the store that is wrong
    servers = [
        make_app(RENEWAL_STORE=redis_server.url, ambient=Ambient(now=machine.now, machine=machine)) for _ in range(2)
    ]
    here, there = (server.test_client() for server in servers)
    token = here.post("/auth/register", json=ALICE).get_json()["access_token"]
    cookie = here.get_cookie(COOKIE)
    there.set_cookie(COOKIE, cookie.value if cookie else "")
    for client in (there, here):
        assert client.post("/auth/refresh").status_code == 200
        assert client.get("/auth/me", headers=bearer(token)).status_code == 200


def test_a_password_is_changed_and_ends_the_others_whatever_the_clock(
    client: FlaskClient, login: dict[str, Any], machine: Machine
) -> None:
    other = client.application.test_client()
    token = other.post("/auth/login", json=ALICE).get_json()["access_token"]
    machine.wrong_by = 300
    new = {"current_password": PASSWORD, "new_password": "another staple horse battery"}
    assert client.put("/auth/password", json=new, headers=bearer(login["access_token"])).status_code == 204
    machine.wrong_by = 0
    assert_problem(other.post("/auth/refresh"), 401, "session_ended")
    assert_problem(other.get("/auth/me", headers=bearer(token)), 401, "session_ended")


@pytest.mark.usefixtures("login")
def test_a_command_purges_nobody_by_a_wrong_clock(app: Flask, client: FlaskClient, machine: Machine) -> None:
    machine.wrong_by = 86400 * 365
    assert app.test_cli_runner().invoke(args=["sessions", "purge"]).exit_code == 0
    machine.wrong_by = 0
    assert client.post("/auth/refresh").status_code == 200


def test_a_process_that_starts_with_a_wrong_clock_knows_it_before_it_judges(
    make_app: Callable[..., Flask], client: FlaskClient, login: dict[str, Any], redis_server: Redis
) -> None:
    wrong, cookie = Machine(), client.get_cookie(COOKIE)
    wrong.wrong_by = 300
    started = make_app(RENEWAL_STORE=redis_server.url, ambient=Ambient(now=wrong.now, machine=wrong)).test_client()
    started.set_cookie(COOKIE, cookie.value if cookie else "")
    assert started.post("/auth/refresh").status_code == 200
    assert client.post("/auth/refresh").status_code == 200


@pytest.mark.usefixtures("login")
def test_a_clock_that_is_set_is_noticed_at_once_and_the_store_asked_once(
    client: FlaskClient, machine: Machine, redis_server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/auth/refresh").status_code == 200
    redis_server.cli("config", "resetstat")
    for wrong_by in (300, 0, -300, 0):
        machine.wrong_by = wrong_by
        for _ in range(3):
            assert client.post("/auth/refresh").status_code == 200
    asked = re.search(r"cmdstat_time:calls=(\d+)", redis_server.cli("info", "commandstats"))
    assert asked
    assert 4 <= int(asked[1]) < 8  # and maybe once more because ten seconds are over
    said = [
        (record.levelno, record.getMessage().split()[0]) for record in caplog.records if "clock_" in record.getMessage()
    ]
    assert said == [(logging.CRITICAL, "clock_wrong"), (logging.WARNING, "clock_right")] * 2


def test_the_clock_of_a_test_moves_without_harm(
    make_app: Callable[..., Flask], redis_server: Redis, clock: Clock
) -> None:
    client = make_app(RENEWAL_STORE=redis_server.url).test_client()
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


@pytest.mark.parametrize(("machine", "apart"), [(1000, 0), (1002, 0), (1003, 1), (997, 1)])
def test_what_the_answer_took_is_doubt_and_no_difference(
    monkeypatch: pytest.MonkeyPatch, machine: float, apart: float
) -> None:
    times = iter([100.0])  # when the store was asked; it answers four seconds later
    monkeypatch.setattr(time, "monotonic", lambda: next(times, 104.0))
    store: Any = SimpleNamespace(clock=lambda: datetime.fromtimestamp(998, timezone.utc))
    reading = Reading.of(store, lambda: machine)
    assert reading is not None
    assert (reading.at, reading.machine, reading.doubt) == (104, machine, 2)
    assert max(0, abs(reading.ahead) - reading.doubt) == apart


def test_two_clocks_that_are_tolerated_refuse_no_honest_tab() -> None:
    apart = 2 * timedelta(seconds=tolerance(WINDOW))
    assert sum(refusals(apart, seed=seed) for seed in range(300)) == 0


def test_two_clocks_that_are_further_apart_would() -> None:
    assert sum(refusals(WINDOW, seed=seed) for seed in range(300)) > 0
