"""What a reverse proxy is answered that asks whether a request may pass."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from conftest import Clock, bearer
from cookie_names import ACCESS
from flask import Flask
from flask.testing import FlaskClient
from hosts import RENEWED, services_of, sign_in
from pages_kit import NAVIGATION, held, lay, register
from werkzeug.test import TestResponse

EVIL = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "https://evil.test"}
OWN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Origin": "http://localhost"}
SCRIPT = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}


def asks(client: FlaskClient, path: str = "/reports", method: str = "GET", **headers: str) -> TestResponse:
    """Ask as Caddy and Traefik do."""
    described = {"X-Forwarded-Method": method, "X-Forwarded-Uri": path}
    return client.get("/auth/verify", headers={**NAVIGATION, **described, **headers})


def asks_as_nginx(client: FlaskClient, path: str = "/reports", **headers: str) -> TestResponse:
    return client.get("/auth/verify", headers={**NAVIGATION, "X-Original-URI": path, **headers})


@pytest.fixture
def alice(client: FlaskClient) -> FlaskClient:
    register(client)
    return client


def test_who_is_signed_in_by_the_pages_passes_and_is_named(app: Flask, alice: FlaskClient) -> None:
    answer = asks(alice)
    [session] = services_of(app).store.list(answer.headers["X-Auth-User"], now=services_of(app).ambient.now())
    assert (answer.status_code, answer.data) == (204, b"")
    assert (answer.headers["X-Auth-Username"], answer.headers["X-Auth-Session"]) == ("alice", session.id)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_an_access_token_passes_with_any_method_from_anywhere(app: Flask, client: FlaskClient, method: str) -> None:
    headers = {**bearer(sign_in(app).access_token), **EVIL, "X-Forwarded-Method": method.upper()}
    answer = getattr(client, method)("/auth/verify", headers=headers)
    assert (answer.status_code, answer.headers["X-Auth-User"]) == (204, "id-of-alice")


def test_a_name_is_told_in_ascii(client: FlaskClient) -> None:
    register(client, "Jöran %41 \\ 山田")
    assert asks(client).headers["X-Auth-Username"] == quote("Jöran %41 \\ 山田", safe=" ")


def test_a_bad_token_is_refused_as_anywhere(client: FlaskClient, alice: FlaskClient) -> None:
    answer = client.get("/auth/verify", headers=bearer("x.y.z"))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_invalid")


def test_who_is_renewed_on_the_way_gets_both_cookies_through_the_proxy(alice: FlaskClient) -> None:
    before = held(alice, ACCESS)
    lay(alice, **{ACCESS: None})
    answer = asks(alice)
    assert (answer.status_code, len(answer.headers.getlist("Set-Cookie"))) == (204, 2)
    assert held(alice, ACCESS) not in (before, None)


def test_a_token_with_little_life_left_is_renewed_in_the_header(app: Flask, client: FlaskClient, clock: Clock) -> None:
    token = sign_in(app).access_token
    clock.tick(minutes=12)
    assert RENEWED in client.get("/auth/verify", headers=bearer(token)).headers


def test_an_ended_session_passes_no_more(app: Flask, alice: FlaskClient) -> None:
    session_id = asks(alice).headers["X-Auth-Session"]
    with app.app_context():
        services_of(app).sessions.end(session_id, reason="logout")
    assert asks(alice, **SCRIPT).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "MOVE", "post"])
def test_a_foreign_page_changes_nothing_by_a_cookie(alice: FlaskClient, method: str) -> None:
    refused = asks(alice, method=method, **EVIL)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "untrusted_origin")
    assert asks(alice, method=method, **OWN).status_code == 204


def test_a_foreign_page_may_link_and_may_not_embed(alice: FlaskClient) -> None:
    assert asks(alice, **{**NAVIGATION, "Sec-Fetch-Site": "cross-site"}).status_code == 204
    lay(alice, **{ACCESS: None})
    embedding = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert asks(alice, **embedding).status_code == 401


def test_who_is_signed_out_is_led_to_the_sign_in_page_and_back(client: FlaskClient) -> None:
    answer = asks(client, "/reports?year=2026")
    assert (answer.status_code, answer.location) == (303, "/login?next=/reports?year%3D2026")
    assert answer.headers["Cache-Control"] == "no-store"
    answer = asks_as_nginx(client, "/reports")
    assert (answer.status_code, answer.headers["X-Login-Location"]) == (401, "/login?next=/reports")


@pytest.mark.parametrize("path", ["//evil.test", "https://evil.test/", "/\\evil.test", "", "/\t/evil.test", "/" * 9000])
def test_nobody_is_led_elsewhere(client: FlaskClient, path: str) -> None:
    assert asks(client, path).location == "/login"
    assert asks_as_nginx(client, path).headers["X-Login-Location"] == "/login"


def test_a_form_that_was_sent_is_not_asked_for_again(client: FlaskClient) -> None:
    assert asks(client, method="POST", **{**OWN, "Sec-Fetch-Mode": "navigate"}).location == "/login"


@pytest.mark.parametrize("headers", [SCRIPT, {"HX-Request": "true"}], ids=["fetch", "htmx"])
def test_a_script_is_not_led_anywhere(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = asks(client, **headers)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_missing")
    assert "X-Login-Location" not in answer.headers


def test_a_host_without_pages_answers_401(make_app: Callable[..., Any]) -> None:
    app = make_app(name="bare")
    app.view_functions.pop("flask_renewal_pages.login")
    assert asks(app.test_client()).status_code == 401
