"""What a page on another origin may read."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import away
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import RENEWED, sign_in
from sharing import SPA, assert_shared, preflight, shared

from flask_renewal import create_app
from flask_renewal.stores.sql import SQLStore

IPV6 = "http://[::1]:3000"
DEV = "http://localhost:3000"
TRUSTED = [SPA, IPV6, DEV]
UNTRUSTED = [
    "https://evil.test",
    "https://blog.example.com",
    "https://app.example.com.evil.test",
    "https://evil-app.example.com",
    "https://appxexample.com",
    "https://app.example.com:8443",
    "https://app.example.com/",
    "http://app.example.com",
    "https://APP.example.com",
    "http://localhost:3001",
    "http://localhost.evil.test:3000",
    "http://[::2]:3000",
    "http://:3000",
    "null",
    "*",
    "",
    "file://",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One for all tests: what may be read does not hang on what has happened."""
    folder = tmp_path_factory.mktemp("cors") / "instance"
    return create_app({"RENEWAL_TRUSTED_ORIGINS": TRUSTED}, instance_path=folder)


KEYS = "/.well-known/jwks.json"
CLOSED = ["/auth/me", "/auth/nothing", "/healthz", "/nothing"]
PATHS = [*CLOSED, KEYS]


@pytest.mark.parametrize("origin", TRUSTED)
@pytest.mark.parametrize("path", PATHS)
def test_a_trusted_origin_may_read(client: FlaskClient, origin: str, path: str) -> None:
    assert_shared(client.get(path, headers={"Origin": origin}), origin)


@pytest.mark.parametrize("origin", UNTRUSTED, ids=ascii)
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_an_untrusted_origin_may_not(client: FlaskClient, origin: str, method: str) -> None:
    for path in CLOSED:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert shared(getattr(client, method)(path, headers=headers)) == []


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_varies_with_the_origin(client: FlaskClient, path: str) -> None:
    for headers in ({}, {"Origin": SPA}, {"Origin": "https://evil.test"}):
        assert "Origin" in client.get(path, headers=headers).vary


def test_without_an_origin_nothing_is_said(client: FlaskClient) -> None:
    assert [shared(client.get(path)) for path in CLOSED] == [[]] * len(CLOSED)


def test_without_trusted_origins_nobody_may_read(make_app: Callable[..., Flask]) -> None:
    client = make_app(name="closed").test_client()
    assert [shared(client.get(path, headers={"Origin": SPA})) for path in CLOSED] == [[]] * len(CLOSED)
    assert client.get(KEYS, headers={"Origin": SPA}).headers.getlist("Access-Control-Allow-Origin") == ["*"]


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("origin", UNTRUSTED, ids=ascii)
def test_the_public_keys_are_everybodys_to_read_without_credentials(
    client: FlaskClient, origin: str, method: str
) -> None:
    response = getattr(client, method)(KEYS, headers={"Origin": origin})
    assert response.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert shared(response) == ["Access-Control-Allow-Origin"]


@pytest.mark.parametrize("method", ["post", "options", "delete"])
def test_nobody_else_may_do_anything_else_with_the_keys(client: FlaskClient, method: str) -> None:
    headers = {"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"}
    assert shared(getattr(client, method)(KEYS, headers=headers)) == []


REFUSALS: dict[int, tuple[str, str, dict[str, Any]]] = {
    401: ("get", "/auth/me", {}),
    404: ("get", "/auth/nothing", {}),
    405: ("get", "/auth/login", {}),
    413: ("post", "/auth/login", {"data": b" " * 70_000, "content_type": "application/json"}),
    415: ("post", "/auth/login", {"data": b"x", "content_type": "text/plain"}),
    422: ("post", "/auth/login", {"json": []}),
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_can_be_read_too(client: FlaskClient, status: int) -> None:
    method, path, request = REFUSALS[status]
    response = getattr(client, method)(path, headers={"Origin": SPA}, **request)
    assert response.status_code == status
    assert_shared(response, SPA)


def test_a_limit_can_be_read_with_its_time(make_app: Callable[..., Flask]) -> None:
    app = make_app(name="few", RENEWAL_TRUSTED_ORIGINS=TRUSTED, RENEWAL_RATELIMIT_LOGIN="1 per hour")
    content, client = {"username": "nobody", "password": "wrong"}, app.test_client()
    response = [client.post("/auth/login", json=content, headers={"Origin": SPA}) for _ in range(2)][-1]
    assert response.status_code == 429
    assert_shared(response, SPA)
    assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("fault", "status"), [(away, 503), (lambda *_, **__: 1 / 0, 500)], ids=["the store is away", "our own fault"]
)
def test_a_failure_can_be_read_too(app: Flask, monkeypatch: pytest.MonkeyPatch, fault: Any, status: int) -> None:
    token = sign_in(app).refresh_token
    monkeypatch.setattr(SQLStore, "rotate", fault)
    headers = {"Origin": SPA, "Cookie": f"refresh_token={token}"}
    response = app.test_client(use_cookies=False).post("/auth/refresh", headers=headers)
    assert (response.status_code, response.get_json()["status"]) == (status, status)
    assert_shared(response, SPA)


def test_what_a_page_needs_is_exposed_by_name(client: FlaskClient) -> None:
    [exposed] = client.get("/auth/me", headers={"Origin": SPA}).headers.getlist("Access-Control-Expose-Headers")
    assert set(exposed.split(", ")) == {"WWW-Authenticate", "Retry-After"}


def test_a_renewed_token_is_exposed_beside_it(make_app: Callable[..., Flask], clock: Clock) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=TRUSTED)
    token = sign_in(app).access_token
    clock.tick(minutes=14)
    response = app.test_client().get("/auth/me", headers={**bearer(token), "Origin": SPA})
    [exposed] = response.headers.getlist("Access-Control-Expose-Headers")
    assert set(exposed.split(", ")) == {"WWW-Authenticate", "Retry-After", RENEWED}


@pytest.mark.parametrize("path", ["/auth/login", "/auth/refresh", "/auth/me", "/auth/sessions/x", "/auth/password"])
def test_a_preflight_needs_nothing_and_sets_nothing(client: FlaskClient, path: str) -> None:
    response = preflight(client, path)
    assert response.status_code in (200, 204)
    assert_shared(response, SPA)
    assert "Set-Cookie" not in response.headers
    assert response.headers["Access-Control-Max-Age"] == "600"
    assert set(response.headers["Access-Control-Allow-Headers"].lower().split(", ")) == {
        "authorization",
        "content-type",
    }


METHODS = {"/auth/login": {"POST"}, "/auth/me": {"GET", "HEAD"}, "/auth/sessions/x": {"DELETE"}}


@pytest.mark.parametrize("path", METHODS)
def test_a_preflight_allows_the_methods_that_the_route_has(client: FlaskClient, path: str) -> None:
    allowed = preflight(client, path).headers["Access-Control-Allow-Methods"]
    assert set(allowed.split(", ")) == METHODS[path] | {"OPTIONS"}


def test_a_preflight_names_the_headers_that_we_read_and_no_others(client: FlaskClient) -> None:
    asked = "authorization, content-type, x-refresh-transport, x-device-id, x-evil, cookie"
    response = preflight(client, "/auth/refresh", **{"Access-Control-Request-Headers": asked})
    allowed = set(response.headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert allowed == {"authorization", "content-type", "x-refresh-transport", "x-device-id"}


def test_a_preflight_gives_no_private_network_away(client: FlaskClient) -> None:
    response = preflight(client, "/auth/refresh", **{"Access-Control-Request-Private-Network": "true"})
    assert response.headers.get("Access-Control-Allow-Private-Network") != "true"


def test_a_browser_app_signs_in_and_refreshes_from_its_origin(client: FlaskClient) -> None:
    headers = {"Origin": SPA, "Sec-Fetch-Site": "cross-site"}
    content = {"username": "alice", "password": PASSWORD}
    for path in ("/auth/register", "/auth/login"):
        assert_shared(client.post(path, json=content, headers=headers), SPA)
    assert_shared(client.post("/auth/refresh", headers=headers), SPA)
    assert_shared(client.post("/auth/logout", headers=headers), SPA)
