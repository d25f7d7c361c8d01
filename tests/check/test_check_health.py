"""What a load balancer asks of a host: whether it answers, and whether it can serve sessions."""

import pytest
from answers import assert_problem, away
from flask import Flask
from hosts import services_of

from flask_renewal import check


@pytest.fixture
def asked(host: Flask) -> Flask:
    check.install_health(host)
    return host


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_host_that_is_well_says_so_to_anybody_each_time(asked: Flask, path: str) -> None:
    answer = asked.test_client().get(path)
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_a_host_whose_store_is_away_answers_and_is_not_ready(asked: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_of(asked).store, "find", away)
    assert_problem(asked.test_client().get("/readyz"), 503, "store_unavailable")
    assert asked.test_client().get("/healthz").status_code == 200


def test_a_host_is_not_asked_without_its_wish(host: Flask) -> None:
    assert {host.test_client().get(path).status_code for path in ("/healthz", "/readyz")} == {404}
