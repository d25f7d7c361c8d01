"""A process that is asked for nothing but guarded requests notices that its clock is wrong."""

import time
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from conftest import PASSWORD, bearer
from engines import Redis
from flask import Flask

from flask_renewal.ground.ambient import Ambient

AHEAD = 300


def machine() -> float:
    return time.time() + AHEAD


@pytest.mark.parametrize("delay", [2, 0], ids=["with a delay", "without one"])
def test_guarded_requests_alone_notice_a_clock_that_is_wrong(
    make_app: Callable[..., Flask], redis_server: Redis, delay: float, caplog: pytest.LogCaptureFixture
) -> None:
    right = make_app(RENEWAL_STORE=redis_server.url, ambient=Ambient()).test_client()
    account = {"username": "alice", "password": PASSWORD}
    token = right.post("/auth/register", json=account).get_json()["access_token"]
    ambient = Ambient(now=lambda: datetime.fromtimestamp(machine(), timezone.utc), machine=machine)
    wrong = make_app(RENEWAL_STORE=redis_server.url, RENEWAL_REVOCATION_DELAY=delay, ambient=ambient).test_client()
    wrong.get("/auth/me", headers=bearer(token))
    assert ambient.wrong_by == pytest.approx(AHEAD, abs=60)
    assert "clock_wrong" in caplog.text
