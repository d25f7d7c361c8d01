"""A process that is asked for nothing but guarded requests notices that its clock is wrong, and goes by the store's."""

import time
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from conftest import PASSWORD, bearer
from engines import Redis
from flask import Flask

from flask_renewal.ground.ambient import Ambient

AHEAD = 300
HOUR = 3600


def wrong_by(seconds: float) -> Ambient:
    def machine() -> float:
        return time.time() + seconds

    return Ambient(now=lambda: datetime.fromtimestamp(machine(), timezone.utc), machine=machine)


@pytest.fixture
def token(make_app: Callable[..., Flask], redis_server: Redis) -> str:
    """Issued by a process whose clock is right."""
    right = make_app(RENEWAL_STORE=redis_server.url, ambient=Ambient()).test_client()
    account = {"username": "alice", "password": PASSWORD}
    return str(right.post("/auth/register", json=account).get_json()["access_token"])


@pytest.mark.parametrize("delay", [2, 0], ids=["with a delay", "without one"])
def test_guarded_requests_alone_notice_a_clock_that_is_wrong(
    make_app: Callable[..., Flask], redis_server: Redis, token: str, delay: float, caplog: pytest.LogCaptureFixture
) -> None:
    ambient = wrong_by(AHEAD)
    wrong = make_app(RENEWAL_STORE=redis_server.url, RENEWAL_REVOCATION_DELAY=delay, ambient=ambient).test_client()
    wrong.get("/auth/me", headers=bearer(token))
    assert ambient.wrong_by == pytest.approx(AHEAD, abs=60)
    assert "clock_wrong" in caplog.text


@pytest.mark.parametrize("seconds", [HOUR, -HOUR], ids=["expired by it", "of the future by it"])
@pytest.mark.parametrize("delay", [2, 0], ids=["with a delay", "without one"])
def test_a_clock_by_which_no_token_is_good_refuses_none(
    make_app: Callable[..., Flask], redis_server: Redis, token: str, delay: float, seconds: float
) -> None:
    ambient = wrong_by(seconds)
    wrong = make_app(RENEWAL_STORE=redis_server.url, RENEWAL_REVOCATION_DELAY=delay, ambient=ambient).test_client()
    assert [wrong.get("/auth/me", headers=bearer(token)).status_code for _ in range(2)] == [200, 200]
    assert ambient.wrong_by == pytest.approx(seconds, abs=60)


@pytest.mark.parametrize("delay", [2, 0], ids=["with a delay", "without one"])
def test_a_store_that_is_away_keeps_no_token_from_being_refused_by_its_time(
    make_app: Callable[..., Flask], redis_server: Redis, token: str, delay: float
) -> None:
    wrong = make_app(
        RENEWAL_STORE="redis://127.0.0.1:1", RENEWAL_REVOCATION_DELAY=delay, ambient=wrong_by(HOUR)
    ).test_client()
    answer = wrong.get("/auth/me", headers=bearer(token))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_expired")
