"""What the log and the signals tell of a page that may not read an answer, and of access tokens that let nobody in."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import GUARDS, answering, guards, sign_in

from flask_renewal.ground.events import access_token_refused, cross_origin_denied

EVIL = "https://evil.example.com"
SPA = "https://app.example.com"


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(RENEWAL_TRUSTED_ORIGINS=[SPA]).test_client()


@pytest.mark.parametrize(
    ("method", "path"), [("OPTIONS", "/auth/login"), ("GET", "/auth/me"), ("HEAD", "/auth/sessions")]
)
def test_a_page_that_may_not_read_is_told_of_with_the_mend(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    heard: list[dict[str, Any]] = []
    with cross_origin_denied.connected_to(lambda app, **facts: heard.append(facts)):
        client.open(path, method=method, headers={"Origin": EVIL, "Sec-Fetch-Site": "cross-site"})
    assert heard == [{"origin": EVIL}]
    (line,) = [record.getMessage() for record in caplog.records if record.name == "flask_renewal"][:1]
    assert line.startswith(f"cross-origin-denied origin='{EVIL}'")
    assert line.endswith("name its origin in RENEWAL_TRUSTED_ORIGINS")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": SPA, "Sec-Fetch-Site": "cross-site"},
        {},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost"},
    ],
    ids=["trusted", "no browser", "typed", "a link or a picture", "its own"],
)
def test_nothing_is_told_of_whoever_may(client: FlaskClient, headers: dict[str, str]) -> None:
    heard: list[object] = []
    with cross_origin_denied.connected_to(lambda app, **facts: heard.append(facts)):
        client.get("/auth/me", headers=headers)
    assert heard == []


@guards
def test_a_forged_and_an_expired_token_are_told_of_without_the_token(host: Flask, guard: str, clock: Clock) -> None:
    token = sign_in(host).access_token
    ask = answering(host, lambda: "mine", GUARDS[guard])
    heard: list[dict[str, Any]] = []
    with access_token_refused.connected_to(lambda app, **facts: heard.append(facts)):
        assert ask("/answer", headers=bearer(token)).status_code == 200
        ask("/answer", headers=bearer(f"{token}x"))
        clock.tick(minutes=16)
        ask("/answer", headers=bearer(token))
        ask("/answer")
    assert heard == [{"code": "token_invalid"}, {"code": "token_expired"}, {"code": "token_missing"}]
