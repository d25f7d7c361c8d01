"""Signing out: whatever is presented, our cookies go; what is ours ends."""

from typing import Any

import pytest
from answers import COOKIE, assert_problem, away, cookies, is_cleared, rows, session_count
from conftest import PASSWORD, Clock, bearer
from cookie_names import ACCESS, called
from flask import Flask
from flask.testing import FlaskClient
from hosts import RENEWED, services_of, sign_in

from flask_renewal.stores.base import Ending
from flask_renewal.stores.sql import SQLStore


def jar(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def test_the_session_of_the_cookie_ends(client: FlaskClient, login: dict[str, Any]) -> None:
    token = jar(client)
    response = client.post("/auth/logout")
    assert (response.status_code, response.data) == (204, b"")
    assert is_cleared(response)
    assert_problem(client.get("/auth/me", headers=bearer(login["access_token"])), 401, "session_ended")
    client.set_cookie(COOKIE, token)
    assert_problem(client.post("/auth/refresh"), 401, "session_ended")


def test_the_access_cookie_of_the_pages_goes_too(client: FlaskClient, login: dict[str, Any]) -> None:
    client.set_cookie("access_token", login["access_token"])
    gone = cookies(client.post("/auth/logout"))
    assert {name: cookie.attributes["max-age"] for name, cookie in gone.items()} == {COOKIE: "0", "access_token": "0"}


def test_a_deletion_repeats_the_attributes_of_the_cookie(app: Flask) -> None:
    client = app.test_client()
    content = {"username": "alice", "password": PASSWORD}
    made = cookies(client.post("/auth/register", json=content, base_url="https://api.example.com"))
    cleared = cookies(client.post("/auth/logout", base_url="https://api.example.com"))
    name = called(COOKIE, "https://api.example.com")
    assert list(made) == list(cleared) == [name]
    kept, gone = (jar[name].attributes for jar in (made, cleared))
    assert set(kept) == {"path", "secure", "httponly", "samesite", "max-age"}
    assert gone["max-age"] == "0"
    assert {**kept, "max-age": "0"} == gone


def test_signing_out_twice_is_no_error(client: FlaskClient, login: dict[str, Any]) -> None:
    for _ in range(2):
        response = client.post("/auth/logout")
        assert response.status_code == 204
        assert is_cleared(response)


@pytest.mark.parametrize("by", ["cookie", "token"])
def test_the_session_says_how_it_ended(app: Flask, client: FlaskClient, login: dict[str, Any], by: str) -> None:
    if by == "token":
        client.delete_cookie(COOKIE)
    client.post("/auth/logout", headers=bearer(login["access_token"]) if by == "token" else {})
    assert rows(app, "SELECT ended_reason FROM renewal_session") == [("logout",)]


def test_without_a_cookie_the_session_of_the_bearer_token_ends(client: FlaskClient, login: dict[str, Any]) -> None:
    client.delete_cookie(COOKIE)
    assert client.post("/auth/logout", headers=bearer(login["access_token"])).status_code == 204
    assert_problem(client.get("/auth/me", headers=bearer(login["access_token"])), 401, "session_ended")


def test_the_cookie_goes_before_the_bearer_token(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    other = sign_in(app)
    client.post("/auth/logout", headers=bearer(other.access_token))
    assert_problem(client.get("/auth/me", headers=bearer(login["access_token"])), 401, "session_ended")
    assert client.get("/auth/me", headers=bearer(other.access_token)).status_code == 200


def test_a_bad_cookie_leaves_it_to_the_bearer_token(client: FlaskClient, login: dict[str, Any]) -> None:
    client.set_cookie(COOKIE, "bad")
    response = client.post("/auth/logout", headers=bearer(login["access_token"]))
    assert "Set-Cookie" not in response.headers
    assert_problem(client.get("/auth/me", headers=bearer(login["access_token"])), 401, "session_ended")


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize(
    "headers", [{}, bearer("bad"), {"Authorization": "Basic x"}, {"Authorization": "Bearer"}], ids=str
)
def test_with_nothing_of_ours_only_the_cookie_goes(app: Flask, headers: dict[str, str]) -> None:
    response = app.test_client(use_cookies=False).post("/auth/logout", headers={**headers, "Cookie": "a=b"})
    assert response.status_code == 204
    assert is_cleared(response)
    assert session_count(app) == 1


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("name", [COOKIE, ACCESS])
def test_a_cookie_that_another_application_signed_is_left_alone(app: Flask, name: str) -> None:
    headers = {"Cookie": f"{COOKIE}=foreign.token.of.some.body; {name}=foreign.token.body"}
    response = app.test_client(use_cookies=False).post("/auth/logout", headers=headers)
    assert (response.status_code, "Set-Cookie" in response.headers) == (204, False)
    assert session_count(app) == 1


@pytest.mark.parametrize("order", ["{ours}; {name}=planted", "{name}=planted; {ours}"])
def test_of_two_cookies_the_session_of_ours_ends(app: Flask, order: str) -> None:
    sent = order.format(ours=f"{COOKIE}={sign_in(app).refresh_token}", name=COOKIE)
    response = app.test_client(use_cookies=False).post("/auth/logout", headers={"Cookie": sent})
    assert (response.status_code, is_cleared(response)) == (204, True)
    assert session_count(app) == 0


def test_of_two_cookies_that_are_ours_both_sessions_end(app: Flask) -> None:
    sent = "; ".join(f"{COOKIE}={sign_in(app, name).refresh_token}" for name in ("alice", "bob"))
    app.test_client(use_cookies=False).post("/auth/logout", headers={"Cookie": sent})
    assert session_count(app) == 0


def test_an_expired_access_token_ends_nothing(
    app: Flask, client: FlaskClient, login: dict[str, Any], clock: Clock
) -> None:
    client.delete_cookie(COOKIE)
    clock.tick(minutes=16)
    response = client.post("/auth/logout", headers=bearer(login["access_token"]))
    assert (response.status_code, is_cleared(response)) == (204, True)
    assert session_count(app) == 1


def test_everywhere_ends_every_session_of_the_user(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    others = [sign_in(app).access_token for _ in range(2)]
    bob = sign_in(app, "bob").access_token
    assert client.post("/auth/logout", json={"everywhere": True}).status_code == 204
    for token in (login["access_token"], *others):
        assert_problem(client.get("/auth/me", headers=bearer(token)), 401, "session_ended")
    assert client.get("/auth/me", headers=bearer(bob)).status_code == 200


def test_a_token_of_an_ended_session_ends_no_others(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    stolen = jar(client)
    client.post("/auth/logout")
    other = sign_in(app).access_token
    client.set_cookie(COOKIE, stolen)
    assert client.post("/auth/logout", json={"everywhere": True}).status_code == 204
    assert client.get("/auth/me", headers=bearer(other)).status_code == 200


def test_everywhere_works_by_the_bearer_token_too(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    sign_in(app)
    client.delete_cookie(COOKIE)
    client.post("/auth/logout", json={"everywhere": True}, headers=bearer(login["access_token"]))
    assert session_count(app) == 0


def test_an_access_token_of_an_ended_session_ends_no_others(
    app: Flask, client: FlaskClient, login: dict[str, Any]
) -> None:
    client.post("/auth/logout")
    other = sign_in(app).access_token
    everywhere = {"json": {"everywhere": True}, "headers": bearer(login["access_token"])}
    assert client.post("/auth/logout", **everywhere).status_code == 204
    assert client.get("/auth/me", headers=bearer(other)).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("post", "/auth/logout"), ("delete", "/auth/sessions")])
def test_nor_does_one_of_which_this_process_does_not_know_yet(
    app: Flask, client: FlaskClient, clock: Clock, method: str, path: str
) -> None:
    ended, other = sign_in(app), sign_in(app)
    assert client.get("/auth/me", headers=bearer(other.access_token)).status_code == 200
    with app.app_context():
        services_of(app).store.end(Ending(reason="ended_by_user", now=clock(), session_id=ended.session.id))
    getattr(client, method)(path, json={"everywhere": True}, headers=bearer(ended.access_token))
    assert client.get("/auth/me", headers=bearer(other.access_token)).status_code == 200


def test_here_only_leaves_the_others_alone(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    sign_in(app)
    client.post("/auth/logout", json={"everywhere": False})
    assert session_count(app) == 1


@pytest.mark.parametrize("value", ["yes", 1, None, []], ids=str)
def test_everywhere_is_true_or_false(app: Flask, client: FlaskClient, login: dict[str, Any], value: object) -> None:
    body = assert_problem(client.post("/auth/logout", json={"everywhere": value}), 422, "invalid_request")
    assert body["field"] == "everywhere"
    assert session_count(app) == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_signs_nobody_out(app: Flask, client: FlaskClient, login: dict[str, Any], method: str) -> None:
    response = getattr(client, method)("/auth/logout")
    assert (response.status_code, "Set-Cookie" in response.headers) == (405, False)
    assert session_count(app) == 1


def test_the_answer_carries_no_renewed_token(client: FlaskClient, login: dict[str, Any], clock: Clock) -> None:
    clock.tick(minutes=14)
    for _ in range(2):
        assert RENEWED not in client.post("/auth/logout", headers=bearer(login["access_token"])).headers


def test_a_sign_out_that_cannot_be_written_does_not_look_as_if_it_had_been(
    client: FlaskClient, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SQLStore, "end", away)
    response = client.post("/auth/logout")
    assert_problem(response, 503, "store_unavailable")
    assert "Set-Cookie" not in response.headers


@pytest.mark.usefixtures("login")
def test_an_old_token_of_the_session_signs_it_out_too(app: Flask, client: FlaskClient, clock: Clock) -> None:
    oldest = jar(client)
    for _ in range(3):
        clock.tick(minutes=2)
        client.post("/auth/refresh")
    client.set_cookie(COOKIE, oldest)
    client.post("/auth/logout")
    assert session_count(app) == 0
