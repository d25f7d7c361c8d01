"""The refresh token in the body, for clients without a cookie jar."""

from collections.abc import Callable

import pytest
from answers import COOKIE, assert_problem, cookies
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BODY = {"X-Refresh-Transport": "body"}


@pytest.fixture
def jarless(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(name="body", RENEWAL_BODY_TRANSPORT=True).test_client()


def enter(client: FlaskClient) -> str:
    content = {"username": "alice", "password": PASSWORD}
    response = client.post("/auth/register", json=content, headers=BODY)
    assert "Set-Cookie" not in response.headers
    return str(response.get_json()["refresh_token"])


def by_body(client: FlaskClient, token: object) -> TestResponse:
    return client.post("/auth/refresh", json={"refresh_token": token}, headers=BODY)


def test_a_client_without_a_jar_is_given_the_token_in_the_body(jarless: FlaskClient, clock: Clock) -> None:
    token = enter(jarless)
    response = by_body(jarless, token)
    assert response.get_json()["refresh_token"] != token
    assert "Set-Cookie" not in response.headers
    clock.tick(seconds=61)
    assert by_body(jarless, response.get_json()["refresh_token"]).status_code == 200


def test_a_quiet_answer_returns_the_token_that_was_sent(jarless: FlaskClient) -> None:
    token = enter(jarless)
    by_body(jarless, token)
    assert by_body(jarless, token).get_json()["refresh_token"] == token


def test_where_no_refresh_token_comes_or_goes_the_answer_names_none(jarless: FlaskClient) -> None:
    content = {"username": "alice", "password": PASSWORD}
    token = jarless.post("/auth/register", json=content, headers=BODY).get_json()["access_token"]
    confirmed = jarless.post("/auth/confirm", json={"password": PASSWORD}, headers={**BODY, **bearer(token)})
    assert (confirmed.status_code, "refresh_token" in confirmed.get_json()) == (200, False)


def test_signing_in_by_body_sets_no_cookie(jarless: FlaskClient) -> None:
    enter(jarless)
    response = jarless.post("/auth/login", json={"username": "alice", "password": PASSWORD}, headers=BODY)
    assert "Set-Cookie" not in response.headers
    assert by_body(jarless, response.get_json()["refresh_token"]).status_code == 200


def test_without_the_request_header_the_cookie_is_used(jarless: FlaskClient) -> None:
    response = jarless.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    assert "refresh_token" not in response.get_json()
    assert COOKIE in cookies(response)
    assert by_body(jarless, None).get_json()["code"] == "refresh_token_missing"


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("headers", [BODY, {}], ids=["asked for", "not asked for"])
def test_the_body_is_not_used_where_it_is_not_allowed(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.post("/auth/login", json={"username": "alice", "password": PASSWORD}, headers=headers)
    assert "refresh_token" not in response.get_json()
    assert COOKIE in cookies(response)


def test_a_refused_token_in_the_body_deletes_no_cookie(jarless: FlaskClient) -> None:
    jarless.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    response = by_body(jarless, "bad")
    assert_problem(response, 401, "refresh_token_invalid")
    assert "Set-Cookie" not in response.headers
    assert jarless.post("/auth/refresh").status_code == 200


def test_a_token_of_the_wrong_kind_in_the_body_is_named(jarless: FlaskClient) -> None:
    assert assert_problem(by_body(jarless, 5), 422, "invalid_request")["field"] == "refresh_token"
    assert_problem(by_body(jarless, "x" * 8193), 401, "refresh_token_invalid")
    assert_problem(by_body(jarless, "é"), 401, "refresh_token_invalid")


def test_logging_out_by_body_ends_the_session(jarless: FlaskClient) -> None:
    token = enter(jarless)
    response = jarless.post("/auth/logout", json={"refresh_token": token}, headers=BODY)
    assert (response.status_code, "Set-Cookie" in response.headers) == (204, False)
    assert_problem(by_body(jarless, token), 401, "session_ended")


WRAPPED = {**BODY, "Origin": "capacitor://localhost", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize("origin", ["capacitor://localhost", "null", "https://evil.test"])
def test_without_a_cookie_of_ours_an_untrusted_page_is_let_in_and_may_not_read(
    jarless: FlaskClient, origin: str
) -> None:
    token, headers = enter(jarless), {**WRAPPED, "Origin": origin}
    response = jarless.post("/auth/refresh", json={"refresh_token": token}, headers=headers)
    assert response.status_code == 200
    assert not [name for name, _ in response.headers if name.startswith(("Access-Control", "Set-Cookie"))]


@pytest.mark.parametrize(
    "origin",
    ["capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://shop", "chrome-extension://abc"],
)
def test_a_trusted_page_of_any_scheme_may_read(make_app: Callable[..., Flask], origin: str) -> None:
    settings = {"RENEWAL_BODY_TRANSPORT": True, "RENEWAL_TRUSTED_ORIGINS": [origin]}
    client = make_app(name="wrapped", **settings).test_client()
    headers = {**WRAPPED, "Origin": origin}
    response = client.post("/auth/refresh", json={"refresh_token": enter(client)}, headers=headers)
    assert (response.status_code, response.headers.getlist("Access-Control-Allow-Origin")) == (200, [origin])


@pytest.mark.parametrize("name", [COOKIE, "access_token"])
@pytest.mark.parametrize("values", [["x"], ["x", "y"]], ids=["one", "two"])
def test_with_a_cookie_of_ours_an_untrusted_page_is_refused(jarless: FlaskClient, name: str, values: list[str]) -> None:
    headers = {**WRAPPED, "Cookie": "; ".join(f"{name}={value}" for value in values)}
    client = jarless.application.test_client(use_cookies=False)
    response = client.post("/auth/refresh", json={"refresh_token": "x"}, headers=headers)
    assert_problem(response, 403, "untrusted_origin")


def test_an_untrusted_page_that_does_not_ask_for_the_body_is_refused(jarless: FlaskClient) -> None:
    headers = {**WRAPPED, "X-Refresh-Transport": "cookie"}
    assert_problem(jarless.post("/auth/refresh", json={}, headers=headers), 403, "untrusted_origin")
