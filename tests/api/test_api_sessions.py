"""The list of one's sessions, and ending them."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE, assert_problem, cookies, is_cleared, session_count
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import RENEWED, services_of, sign_in

from flask_renewal.identity.sessions.grants import Origin

CHALLENGE = 'Bearer error="invalid_token"'
GUARDED = [
    ("get", "/auth/me"),
    ("get", "/auth/sessions"),
    ("delete", "/auth/sessions"),
    ("delete", "/auth/sessions/x"),
    ("put", "/auth/password"),
    ("post", "/auth/confirm"),
]
guarded = pytest.mark.parametrize(("method", "path"), GUARDED, ids=[f"{method} {path}" for method, path in GUARDED])


@guarded
def test_the_refresh_cookie_opens_no_guarded_route(app: Flask, client: FlaskClient, method: str, path: str) -> None:
    client.set_cookie(COOKIE, sign_in(app).refresh_token or "")
    response = getattr(client, method)(path)
    assert_problem(response, 401, "token_missing")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "Set-Cookie" not in response.headers


@guarded
def test_an_access_token_in_a_cookie_opens_none_though_the_hosts_routes_take_one_there(
    make_app: Callable[..., Flask], method: str, path: str
) -> None:
    app = make_app(JWT_TOKEN_LOCATION=["headers", "cookies"], JWT_COOKIE_CSRF_PROTECT=False)
    client = app.test_client()
    client.set_cookie(app.config["JWT_ACCESS_COOKIE_NAME"], sign_in(app).access_token)
    assert_problem(getattr(client, method)(path), 401, "token_missing")


@guarded
def test_every_guarded_route_refuses_a_bad_token(client: FlaskClient, method: str, path: str) -> None:
    response = getattr(client, method)(path, headers=bearer("bad"))
    assert_problem(response, 401, "token_invalid")
    assert response.headers["WWW-Authenticate"] == CHALLENGE


@pytest.mark.parametrize(("scheme", "told"), [("Token", "Token"), ("", "Bearer")], ids=["a word", "none"])
def test_the_scheme_is_told_that_the_header_asks_for(make_app: Callable[..., Flask], scheme: str, told: str) -> None:
    app = make_app(name="other", JWT_HEADER_TYPE=scheme, RENEWAL_SERVICE_KEYS=["9cZ0mXv8yqT1Kp4Wd7sB2hLf6uRj3nEa"])
    client = app.test_client()
    person = {"username": "bob", "password": PASSWORD}
    assert client.post("/auth/register", json=person).get_json()["token_type"] == told
    assert client.get("/auth/me").headers["WWW-Authenticate"] == told
    refused = client.get("/auth/me", headers={"Authorization": f"{scheme} bad".strip()})
    assert refused.headers["WWW-Authenticate"] == f'{told} error="invalid_token"'
    assert client.get("/auth/ended-sessions").headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@guarded
def test_every_guarded_route_refuses_an_ended_session(app: Flask, client: FlaskClient, method: str, path: str) -> None:
    grant = sign_in(app)
    services_of(app).sessions.end(grant.session.id, reason="test")
    response = getattr(client, method)(path, headers=bearer(grant.access_token))
    assert_problem(response, 401, "session_ended")
    assert response.headers["WWW-Authenticate"] == CHALLENGE


def test_me_is_the_user_and_the_session(client: FlaskClient, login: dict[str, Any]) -> None:
    response = client.get("/auth/me", headers=bearer(login["access_token"]))
    assert response.get_json() == {"user": login["user"], "session": login["session"]}
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_me_of_a_user_who_is_gone_is_no_longer_anybody(app: Flask, client: FlaskClient, monkeypatch: Any) -> None:
    grant = sign_in(app)
    monkeypatch.setattr(services_of(app).users, "find", lambda user_id: None)
    assert_problem(client.get("/auth/me", headers=bearer(grant.access_token)), 401, "token_invalid")


def test_the_list_has_the_newest_use_first(app: Flask, client: FlaskClient, clock: Clock) -> None:
    grants = []
    for device in ("phone", "laptop", "tablet"):
        grants.append(sign_in(app, origin=Origin(device=device)))
        clock.tick(minutes=2)
    services_of(app).sessions.refresh(grants[0].refresh_token or "", None)
    listed = client.get("/auth/sessions", headers=bearer(grants[1].access_token)).get_json()["sessions"]
    assert [session["device"] for session in listed] == ["phone", "tablet", "laptop"]
    assert [session["current"] for session in listed] == [False, False, True]


def test_the_list_has_no_usable_secret(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    listed = client.get("/auth/sessions", headers=bearer(login["access_token"]))
    session = services_of(app).store.find(login["session"]["id"])
    assert session is not None
    assert session.next not in listed.text
    assert set(listed.get_json()["sessions"][0]) == set(login["session"])


def test_the_list_leaves_out_what_is_over_and_others(app: Flask, client: FlaskClient, clock: Clock) -> None:
    sign_in(app)
    clock.tick(days=8)
    ended, living = sign_in(app), sign_in(app)
    sign_in(app, "bob")
    services_of(app).sessions.end(ended.session.id, reason="test")
    listed = client.get("/auth/sessions", headers=bearer(living.access_token)).get_json()["sessions"]
    assert [session["id"] for session in listed] == [living.session.id]


def test_one_session_can_be_ended(app: Flask, client: FlaskClient) -> None:
    here, other = sign_in(app), sign_in(app)
    response = client.delete(f"/auth/sessions/{other.session.id}", headers=bearer(here.access_token))
    assert (response.status_code, response.data, "Set-Cookie" in response.headers) == (204, b"", False)
    assert_problem(client.get("/auth/me", headers=bearer(other.access_token)), 401, "session_ended")
    assert client.get("/auth/me", headers=bearer(here.access_token)).status_code == 200


def test_ending_ones_own_session_deletes_the_cookie(client: FlaskClient, login: dict[str, Any], clock: Clock) -> None:
    clock.tick(minutes=14)
    response = client.delete(f"/auth/sessions/{login['session']['id']}", headers=bearer(login["access_token"]))
    assert response.status_code == 204
    assert is_cleared(response)
    assert RENEWED not in response.headers
    assert_problem(client.get("/auth/me", headers=bearer(login["access_token"])), 401, "session_ended")


@pytest.mark.usefixtures("login")
def test_ending_another_session_than_the_cookies_leaves_the_cookie(app: Flask, client: FlaskClient) -> None:
    other = sign_in(app)
    response = client.delete(f"/auth/sessions/{other.session.id}", headers=bearer(other.access_token))
    assert (response.status_code, cookies(response)) == (204, {})
    assert client.post("/auth/refresh").status_code == 200


def test_ending_the_session_of_the_cookie_from_another_one_deletes_it(
    app: Flask, client: FlaskClient, login: dict[str, Any]
) -> None:
    other = sign_in(app)
    response = client.delete(f"/auth/sessions/{login['session']['id']}", headers=bearer(other.access_token))
    assert is_cleared(response)


@pytest.mark.parametrize(
    "name", ["random", "2" * 22, str(2**70), "\u0661\u0662", "%00", "..%2f", "' OR 1=1--", "%", "x" * 5000]
)
def test_an_unknown_session_is_not_found(client: FlaskClient, login: dict[str, Any], name: str) -> None:
    response = client.delete(f"/auth/sessions/{name}", headers=bearer(login["access_token"]))
    assert response.status_code == 404
    assert response.get_json()["code"] in ("session_not_found", "not_found")
    assert "Set-Cookie" not in response.headers


def test_another_users_session_answers_like_an_unknown_one(app: Flask, client: FlaskClient, login: Any) -> None:
    bob = sign_in(app, "bob")
    foreign, unknown = (
        client.delete(f"/auth/sessions/{name}", headers=bearer(login["access_token"]))
        for name in (bob.session.id, "x" * 22)
    )
    assert_problem(foreign, 404, "session_not_found")
    assert foreign.data == unknown.data
    assert client.get("/auth/me", headers=bearer(bob.access_token)).status_code == 200


def test_a_session_ends_once(app: Flask, client: FlaskClient) -> None:
    here, other = sign_in(app), sign_in(app)
    path = f"/auth/sessions/{other.session.id}"
    statuses = [client.delete(path, headers=bearer(here.access_token)).status_code for _ in range(2)]
    assert statuses == [204, 404]


def test_all_others_can_be_ended(app: Flask, client: FlaskClient, clock: Clock) -> None:
    here, others, bob = sign_in(app), [sign_in(app), sign_in(app)], sign_in(app, "bob")
    clock.tick(minutes=14)
    response = client.delete("/auth/sessions", headers=bearer(here.access_token))
    assert (response.status_code, response.get_json()) == (200, {"ended": 2})
    assert RENEWED not in response.headers
    assert "Set-Cookie" not in response.headers
    statuses = [
        client.get("/auth/me", headers=bearer(grant.access_token)).status_code for grant in (here, *others, bob)
    ]
    assert statuses == [200, 401, 401, 200]


def test_there_may_be_no_others(app: Flask, client: FlaskClient, clock: Clock) -> None:
    here = sign_in(app)
    clock.tick(minutes=14)
    response = client.delete("/auth/sessions", headers=bearer(here.access_token))
    assert response.get_json() == {"ended": 0}
    assert RENEWED not in response.headers


@pytest.mark.usefixtures("login")
def test_an_ended_session_cannot_be_refreshed(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    client.delete(f"/auth/sessions/{login['session']['id']}", headers=bearer(login["access_token"]))
    client.set_cookie(COOKIE, cookie.value)
    assert_problem(client.post("/auth/refresh"), 401, "session_ended")


def test_no_answer_of_the_api_sets_another_cookie(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    headers = bearer(login["access_token"])
    for method, path in GUARDED:
        response = getattr(client, method)(path, headers=headers, json={})
        assert not cookies(response), path
    assert session_count(app) == 1
