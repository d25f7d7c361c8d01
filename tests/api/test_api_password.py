"""Changing the password, and proving it again."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE, assert_problem, rows, session_count
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from forging import claims_of
from hosts import RENEWED, services_of
from werkzeug.test import TestResponse

NEW = "another staple horse battery"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}


def change(client: FlaskClient, login: dict[str, Any], **content: Any) -> TestResponse:
    headers = bearer(login["access_token"])
    return client.put("/auth/password", json={**CHANGE, **content}, headers=headers)


def hashes(app: Flask) -> list[Any]:
    return rows(app, "SELECT password_hash FROM renewal_user")


def test_a_change_ends_every_other_session(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    stranger = app.test_client()
    other = stranger.post("/auth/login", json={"username": "alice", "password": PASSWORD}).get_json()
    response = change(client, login)
    assert (response.status_code, response.data) == (204, b"")
    assert_problem(stranger.get("/auth/me", headers=bearer(other["access_token"])), 401, "session_ended")
    assert_problem(stranger.post("/auth/refresh"), 401, "session_ended")
    assert client.get("/auth/me", headers=bearer(login["access_token"])).status_code == 200
    assert client.post("/auth/refresh").status_code == 200


def test_after_a_change_the_new_password_counts(client: FlaskClient, login: dict[str, Any]) -> None:
    change(client, login)
    assert client.post("/auth/login", json={"username": "alice", "password": NEW}).status_code == 200
    response = client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert_problem(response, 401, "invalid_credentials")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ({"current_password": "wrong"}, 401, "invalid_credentials"),
        ({"current_password": PASSWORD + " "}, 401, "invalid_credentials"),
        ({"new_password": "short"}, 422, "weak_password"),
        ({"new_password": "password1234"}, 422, "weak_password"),
        ({"new_password": "0123456789abcdef" * 64 + "0"}, 422, "invalid_request"),
        ({"new_password": None}, 422, "invalid_request"),
        ({"new_password": 123456789012}, 422, "invalid_request"),
        ({"new_password": "with a \0 in it, really"}, 422, "invalid_request"),
        ({"current_password": ""}, 422, "invalid_request"),
        ({"current_password": None}, 422, "invalid_request"),
        ({"current_password": ["x"]}, 422, "invalid_request"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_change_that_is_refused_changes_nothing(
    app: Flask, client: FlaskClient, login: dict[str, Any], content: dict[str, Any], status: int, code: str
) -> None:
    before = hashes(app)
    body = assert_problem(change(client, login, **content), status, code)
    assert code != "invalid_request" or body["field"] == next(iter(content))
    assert hashes(app) == before
    assert session_count(app) == 1


def test_a_change_may_not_take_the_user_name(client: FlaskClient) -> None:
    content = {"username": "alice-the-12th", "password": PASSWORD}
    login = client.post("/auth/register", json=content).get_json()
    assert_problem(change(client, login, new_password="Alice-the-12th"), 422, "weak_password")


def test_neither_a_change_nor_its_refusal_renews_a_token(
    client: FlaskClient, login: dict[str, Any], clock: Clock
) -> None:
    clock.tick(minutes=14)
    assert RENEWED not in change(client, login, current_password="wrong").headers
    assert RENEWED not in change(client, login).headers


def test_wrong_passwords_are_counted(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_RATELIMIT_LOGIN="2 per minute").test_client()
    login = client.post("/auth/register", json={"username": "alice", "password": PASSWORD}).get_json()
    for _ in range(2):
        assert_problem(change(client, login, current_password="wrong"), 401, "invalid_credentials")
    response = change(client, login)
    assert_problem(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def confirm(client: FlaskClient, token: str, password: object = PASSWORD) -> TestResponse:
    return client.post("/auth/confirm", json={"password": password}, headers=bearer(token))


def test_confirming_hands_out_a_fresh_token_of_the_same_session(
    client: FlaskClient, login: dict[str, Any], clock: Clock
) -> None:
    clock.tick(minutes=5)
    stale = client.post("/auth/refresh").get_json()["access_token"]
    response = confirm(client, stale)
    claims = claims_of(response.get_json()["access_token"])
    assert set(response.get_json()) == set(login)
    assert (claims["fresh"], claims["sid"]) == (True, login["session"]["id"])
    assert claims["auth_time"] == claims["iat"] == int(clock().timestamp())


def test_confirming_hands_out_no_refresh_token(client: FlaskClient, login: dict[str, Any]) -> None:
    before = client.get_cookie(COOKIE)
    response = confirm(client, login["access_token"])
    assert "Set-Cookie" not in response.headers
    assert client.get_cookie(COOKIE) == before


def test_the_time_of_the_proof_stays_through_a_refresh(
    client: FlaskClient, login: dict[str, Any], clock: Clock
) -> None:
    clock.tick(minutes=5)
    proved = claims_of(confirm(client, login["access_token"]).get_json()["access_token"])["auth_time"]
    clock.tick(minutes=5)
    claims = claims_of(client.post("/auth/refresh").get_json()["access_token"])
    assert (claims["auth_time"], claims["fresh"]) == (proved, False)


@pytest.mark.parametrize("password", ["wrong", PASSWORD.upper()])
def test_confirming_with_a_wrong_password_is_refused(client: FlaskClient, login: dict[str, Any], password: str) -> None:
    response = confirm(client, login["access_token"], password)
    assert_problem(response, 401, "invalid_credentials")


@pytest.mark.parametrize("password", [None, "", 5, "x" * 1025], ids=["null", "empty", "a number", "1,025 bytes"])
def test_confirming_without_a_password_names_the_field(client: FlaskClient, login: Any, password: object) -> None:
    body = assert_problem(confirm(client, login["access_token"], password), 422, "invalid_request")
    assert body["field"] == "password"


def test_a_disabled_user_cannot_confirm(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    services = services_of(app)
    services.users.disable(login["user"]["id"], now=services.ambient.now())
    assert_problem(confirm(client, login["access_token"]), 401, "invalid_credentials")


def test_an_ended_session_cannot_be_confirmed_on_a_worker_that_has_not_heard(
    app: Flask, client: FlaskClient, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_of(app)
    services.sessions.end(login["session"]["id"], reason="test")
    monkeypatch.setattr(services.revocations, "is_ended", lambda session_id, now=None: False)
    response = confirm(client, login["access_token"])
    assert_problem(response, 401, "session_ended")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
