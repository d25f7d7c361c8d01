"""Refresh tokens that are missing, forged, doubled or in the wrong place."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE, assert_problem
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from refreshing import BODY, refresh, snapshot

SECRETS = ("wAz5hQ2kYp8TnLr3vXc9dFb6mJg1sE4u", "r7Uq0ZtN3bHx6Wm9Kc2LsVy5PdJf8GeA")

pytestmark = pytest.mark.usefixtures("login")


def test_without_a_cookie_the_token_is_missing(client: FlaskClient) -> None:
    client.delete_cookie(COOKIE)
    response = refresh(client)
    assert_problem(response, 401, "refresh_token_missing")
    assert "Set-Cookie" not in response.headers
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "random",
        "x" * 5000,
        "x" * 9000,
        '"quoted"',
        "%00",
        "\\360\\237\\215\\252",
        "a.b.c.d.e",
        "....",
        "a.b.c..AAAA",
    ],
    ids=lambda token: f"{token[:20]!a} of {len(token)} characters",
)
def test_a_token_that_is_not_ours_is_invalid_and_left_alone(app: Flask, token: str) -> None:
    before = snapshot(app)
    response = app.test_client(use_cookies=False).post("/auth/refresh", headers={"Cookie": f"{COOKIE}={token}"})
    assert_problem(response, 401, "refresh_token_invalid")
    assert "Set-Cookie" not in response.headers
    assert snapshot(app) == before


@pytest.mark.parametrize("part", range(5), ids=["session", "token", "key", "device", "signature"])
def test_a_token_with_another_part_is_invalid(app: Flask, client: FlaskClient, first: str, part: int) -> None:
    parts = first.split(".")
    parts[part] = parts[part][:-1] + ("A" if parts[part][-1:] != "A" else "E")
    before = snapshot(app)
    assert_problem(refresh(client, ".".join(parts)), 401, "refresh_token_invalid")
    assert snapshot(app) == before


def test_an_access_token_is_no_refresh_token(client: FlaskClient, login: dict[str, Any]) -> None:
    response = refresh(client, login["access_token"])
    assert_problem(response, 401, "refresh_token_invalid")
    assert "Set-Cookie" not in response.headers


def test_a_session_id_is_no_refresh_token(client: FlaskClient, login: dict[str, Any]) -> None:
    assert_problem(refresh(client, login["session"]["id"]), 401, "refresh_token_invalid")


def test_a_token_of_another_installation_is_invalid(make_app: Callable[..., Flask], first: str) -> None:
    assert_problem(refresh(make_app(name="other").test_client(), first), 401, "refresh_token_invalid")


def test_two_cookies_of_the_name_are_not_guessed_between(app: Flask, client: FlaskClient, first: str) -> None:
    before = snapshot(app)
    stranger = app.test_client(use_cookies=False)
    for pair in (f"{COOKIE}=bad; {COOKIE}={first}", f"{COOKIE}={first}; {COOKIE}=bad"):
        response = stranger.post("/auth/refresh", headers={"Cookie": pair})
        assert_problem(response, 401, "refresh_token_ambiguous")
        assert "Set-Cookie" not in response.headers
    assert snapshot(app) == before


def test_two_cookies_of_the_name_are_told_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    client.set_cookie(COOKIE, "one")
    client.set_cookie(COOKIE, "another", path="/auth")
    refresh(client)
    [told] = [record.message for record in caplog.records]
    assert told.startswith(f"refresh-token-ambiguous cookie={COOKIE!r}; ")


@pytest.mark.parametrize(
    "form", ["\xa0{0}={1}", "{0}\x85={1}", "REFRESH_TOKEN={1}", "\x1f{0}={1}", '"{0}"={1}'], ids=ascii
)
def test_a_cookie_of_a_similar_name_is_none(app: Flask, first: str, form: str) -> None:
    header = form.format(COOKIE, first)
    response = app.test_client(use_cookies=False).post("/auth/refresh", headers={"Cookie": header})
    assert_problem(response, 401, "refresh_token_missing")


def test_a_token_is_taken_from_the_cookie_only(app: Flask, first: str) -> None:
    client = app.test_client(use_cookies=False)
    for request in (
        {"json": {"refresh_token": first}},
        {"query_string": {"refresh_token": first}},
        {"headers": bearer(first)},
        {"headers": {"X-Refresh-Token": first}},
        {"headers": BODY, "json": {"refresh_token": first}},
    ):
        assert_problem(client.post("/auth/refresh", **request), 401, "refresh_token_missing")


def test_another_secret_signs_everybody_out(make_app: Callable[..., Flask]) -> None:
    before, after = (make_app(RENEWAL_REFRESH_SECRET=secret) for secret in SECRETS)
    client = before.test_client()
    assert client.post("/auth/login", json={"username": "alice", "password": PASSWORD}).status_code == 200
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert_problem(refresh(after.test_client(), cookie.value), 401, "refresh_token_invalid")
    assert refresh(client).status_code == 200
