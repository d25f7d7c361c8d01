"""Refreshing: the rotation rule as a client sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE, assert_problem, away, cookies, is_cleared, rows
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from forging import claims_of
from refreshing import refresh, snapshot

from flask_renewal.stores.sql import SQLStore

pytestmark = pytest.mark.usefixtures("login")


def test_a_refresh_answers_with_tokens_and_rotates(client: FlaskClient, first: str, login: dict[str, Any]) -> None:
    response = refresh(client)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert set(response.get_json()) == set(login)
    assert response.get_json()["session"]["id"] == login["session"]["id"]
    assert cookies(response)[COOKIE].value != first


def test_a_refreshed_token_is_not_fresh_and_keeps_the_time_of_the_proof(
    client: FlaskClient, clock: Clock, login: dict[str, Any]
) -> None:
    clock.tick(hours=1)
    claims = claims_of(refresh(client).get_json()["access_token"])
    assert claims["fresh"] is False
    assert claims["auth_time"] == claims_of(login["access_token"])["auth_time"]
    assert claims["iat"] == claims["auth_time"] + 3600


def test_inside_the_window_the_answer_is_quiet(app: Flask, client: FlaskClient, first: str, clock: Clock) -> None:
    refresh(client)
    before = snapshot(app)
    clock.tick(seconds=60)
    response = refresh(client, first)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert client.get("/auth/me", headers=bearer(response.get_json()["access_token"])).status_code == 200
    assert snapshot(app) == before


def test_a_quiet_answer_has_the_members_of_any_other(client: FlaskClient, first: str) -> None:
    loud = refresh(client).get_json()
    quiet = refresh(client, first).get_json()
    assert set(quiet) == set(loud)
    assert quiet["session"] == loud["session"]


def test_the_newest_token_is_quiet_too_inside_the_window(client: FlaskClient) -> None:
    newest = cookies(refresh(client))[COOKIE].value
    assert "Set-Cookie" not in refresh(client, newest).headers


def test_a_lost_answer_is_replaced_after_the_window(client: FlaskClient, first: str, clock: Clock) -> None:
    lost = cookies(refresh(client))[COOKIE].value
    clock.tick(seconds=61)
    response = refresh(client, first)
    assert cookies(response)[COOKIE].value not in (first, lost)
    clock.tick(seconds=61)
    assert refresh(client, cookies(response)[COOKIE].value).status_code == 200


def test_a_token_that_was_superseded_ends_the_session(client: FlaskClient, first: str, clock: Clock) -> None:
    for _ in range(2):
        access_token = refresh(client).get_json()["access_token"]
        clock.tick(seconds=61)
    newest = client.get_cookie(COOKIE)
    assert newest is not None
    response = refresh(client, first)
    assert_problem(response, 401, "refresh_token_reused")
    assert is_cleared(response)
    assert_problem(refresh(client, newest.value), 401, "session_ended")
    assert_problem(client.get("/auth/me", headers=bearer(access_token)), 401, "session_ended")


def test_a_token_older_than_three_is_reuse_inside_the_window_too(client: FlaskClient, first: str, clock: Clock) -> None:
    for _ in range(3):
        clock.tick(seconds=61)
        refresh(client)
    assert_problem(refresh(client, first), 401, "refresh_token_reused")


def test_without_a_window_the_second_of_two_is_replaced_at_once(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(name="strict", RENEWAL_QUIET_WINDOW=0).test_client()
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    clock.tick(seconds=1)
    assert cookies(refresh(client))
    clock.tick(seconds=1)
    assert cookies(refresh(client))


def test_an_unused_session_expires(client: FlaskClient, clock: Clock) -> None:
    clock.tick(days=7)
    response = refresh(client)
    assert_problem(response, 401, "session_expired")
    assert is_cleared(response)


def test_use_pushes_the_idle_timeout_forward_but_not_the_end(client: FlaskClient, clock: Clock) -> None:
    ages = []
    for _ in range(5):
        clock.tick(days=6)
        response = refresh(client)
        ages.append(response.status_code)
        if response.status_code == 200:
            assert response.get_json()["session"]["expires_at"] == "2026-01-31T12:00:00Z"
    assert ages == [200, 200, 200, 200, 401]


def test_the_cookie_lives_as_long_as_the_session_may(client: FlaskClient, clock: Clock) -> None:
    clock.tick(days=6)
    assert cookies(refresh(client))[COOKIE]["max-age"] == str(24 * 86_400)


def test_no_access_token_outlives_its_session(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(name="short", RENEWAL_SESSION_LIFETIME=1000).test_client()
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    clock.tick(seconds=900)
    body = refresh(client).get_json()
    assert body["expires_in"] == 100
    assert claims_of(body["access_token"])["exp"] == int(clock().timestamp()) + 100


def test_without_sliding_a_session_ends_in_spite_of_use(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(name="fixed", RENEWAL_SLIDING=False).test_client()
    session = client.post("/auth/register", json={"username": "alice", "password": PASSWORD}).get_json()["session"]
    assert session["expires_at"] == session["idle_expires_at"] == "2026-01-08T12:00:00Z"
    clock.tick(days=6)
    assert refresh(client).status_code == 200
    clock.tick(days=1)
    assert_problem(refresh(client), 401, "session_expired")


def test_without_a_lifetime_a_busy_session_has_no_end(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(name="endless", RENEWAL_SESSION_LIFETIME=None).test_client()
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    for _ in range(20):
        clock.tick(days=6)
        response = refresh(client)
        assert response.get_json()["session"]["expires_at"] is None
        assert cookies(response)[COOKIE]["max-age"] == "34560000"


def test_a_session_of_the_browser_stays_one_through_every_rotation(client: FlaskClient, clock: Clock) -> None:
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD, "remember": False})
    for _ in range(3):
        clock.tick(hours=11)
        response = refresh(client)
        assert (cookies(response)[COOKIE]["max-age"], cookies(response)[COOKIE]["expires"]) == (None, None)
    clock.tick(hours=12)
    assert_problem(refresh(client), 401, "session_expired")


def test_an_ended_session_is_told_apart(client: FlaskClient, login: dict[str, Any]) -> None:
    client.delete(f"/auth/sessions/{login['session']['id']}", headers=bearer(login["access_token"]))
    response = refresh(client, client_token(client, login))
    assert_problem(response, 401, "session_ended")
    assert is_cleared(response)


def client_token(client: FlaskClient, login: dict[str, Any]) -> str:
    """Return the refresh token of a session whose cookie the client has dropped."""
    services = client.application.extensions["flask-renewal"]
    session = services.store.find(login["session"]["id"])
    tokens = services.refresh_tokens
    return str(tokens.issue(session_id=session.id, token_id=session.next, device=""))


def test_a_disabled_account_is_told_apart(app: Flask, client: FlaskClient) -> None:
    app.extensions["flask-renewal"].accounts.disable("alice")
    response = refresh(client)
    assert_problem(response, 401, "account_disabled")
    assert is_cleared(response)


def test_an_account_disabled_behind_our_back_ends_the_session(app: Flask, client: FlaskClient, first: str) -> None:
    services = app.extensions["flask-renewal"]
    user = services.users.find_by_name("alice")
    services.users.disable(user.id, now=services.ambient.now())
    assert_problem(refresh(client, first), 401, "account_disabled")
    assert_problem(refresh(client, first), 401, "account_disabled")
    assert rows(app, "SELECT ended_reason FROM renewal_session") == [("account_disabled",)]


def test_a_session_whose_row_is_gone_has_expired(app: Flask, client: FlaskClient, clock: Clock) -> None:
    clock.tick(days=8)
    assert sum(app.extensions["flask-renewal"].sessions.purging.everything()) == 1
    response = refresh(client)
    assert_problem(response, 401, "session_expired")
    assert is_cleared(response)


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_rotates_nothing(app: Flask, client: FlaskClient, method: str) -> None:
    before = snapshot(app)
    response = getattr(client, method)("/auth/refresh")
    assert (response.status_code, "Set-Cookie" in response.headers) == (405, False)
    assert snapshot(app) == before


def test_a_store_that_is_away_logs_nobody_out(
    app: Flask, client: FlaskClient, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(SQLStore, "rotate", away)
        response = refresh(client)
    assert_problem(response, 503, "store_unavailable")
    assert response.headers["Retry-After"] == "5"
    assert "Set-Cookie" not in response.headers
    assert refresh(client).status_code == 200
