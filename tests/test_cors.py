"""What a page on another origin may read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import away
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from flask_cors import CORS
from hosts import RENEWED, make_host, services_of, sign_in
from werkzeug.test import TestResponse

from flask_renewal import ConfigurationError, create_app
from flask_renewal.stores.sql import SQLStore

SPA = "https://app.example.com"
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


def shared(response: TestResponse) -> list[str]:
    return sorted(name for name, _ in response.headers if name.startswith("Access-Control-"))


def assert_shared(response: TestResponse, origin: str) -> None:
    assert response.headers.getlist("Access-Control-Allow-Origin") == [origin]
    assert response.headers.getlist("Access-Control-Allow-Credentials") == ["true"]
    assert "Origin" in response.vary


PATHS = ["/auth/me", "/auth/nothing", "/.well-known/jwks.json", "/healthz", "/nothing"]


@pytest.mark.parametrize("origin", TRUSTED)
@pytest.mark.parametrize("path", PATHS)
def test_a_trusted_origin_may_read(client: FlaskClient, origin: str, path: str) -> None:
    assert_shared(client.get(path, headers={"Origin": origin}), origin)


@pytest.mark.parametrize("origin", UNTRUSTED, ids=ascii)
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_an_untrusted_origin_may_not(client: FlaskClient, origin: str, method: str) -> None:
    for path in PATHS:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert shared(getattr(client, method)(path, headers=headers)) == []


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_varies_with_the_origin(client: FlaskClient, path: str) -> None:
    for headers in ({}, {"Origin": SPA}, {"Origin": "https://evil.test"}):
        assert "Origin" in client.get(path, headers=headers).vary


def test_without_an_origin_nothing_is_said(client: FlaskClient) -> None:
    assert [shared(client.get(path)) for path in PATHS] == [[]] * len(PATHS)


def test_without_trusted_origins_nobody_may_read(make_app: Callable[..., Flask]) -> None:
    client = make_app(name="closed").test_client()
    assert [shared(client.get(path, headers={"Origin": SPA})) for path in PATHS] == [[]] * len(PATHS)


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


def preflight(client: FlaskClient, path: str, origin: str = SPA, **more: str) -> TestResponse:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    return client.options(path, headers={"Origin": origin, **wanted, **more})


@pytest.mark.parametrize("path", ["/auth/login", "/auth/refresh", "/auth/me", "/auth/sessions/x", "/auth/password"])
def test_a_preflight_needs_nothing_and_sets_nothing(client: FlaskClient, path: str) -> None:
    response = preflight(client, path)
    assert response.status_code in (200, 204)
    assert_shared(response, SPA)
    assert "Set-Cookie" not in response.headers
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


# ---- beside a host


WIDER = {"RENEWAL_CORS_HEADERS": ["sentry-trace"], "RENEWAL_CORS_EXPOSE": ["Content-Disposition"]}
ASKED = {"Access-Control-Request-Headers": "authorization,sentry-trace,x-evil"}


@pytest.fixture
def sharing(tmp_path: Path, clock: Clock) -> Flask:
    """A host that lets pages call one of its paths."""
    config = {"RENEWAL_TRUSTED_ORIGINS": [SPA], **WIDER}
    return make_host(tmp_path / "instance", clock, cors_paths="/access_required", **config)


@pytest.mark.parametrize("path", ["/auth/refresh", "/access_required"])
def test_a_preflight_allows_the_headers_that_a_setting_adds_and_no_others(sharing: Flask, path: str) -> None:
    response = preflight(sharing.test_client(), path, **ASKED)
    assert set(response.headers["Access-Control-Allow-Headers"].split(", ")) == {"authorization", "sentry-trace"}
    assert shared(preflight(sharing.test_client(), path, origin="https://evil.test", **ASKED)) == []


@pytest.mark.parametrize("path", ["/auth/me", "/access_required"])
def test_a_setting_exposes_more_beside_the_renewed_token(sharing: Flask, clock: Clock, path: str) -> None:
    token = sign_in(sharing).access_token
    clock.tick(minutes=14)
    response = sharing.test_client().get(path, headers={**bearer(token), "Origin": SPA})
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert set(exposed) == {"WWW-Authenticate", "Retry-After", "Content-Disposition", RENEWED}


def test_paths_of_the_host_are_shared_beside_ours(sharing: Flask) -> None:
    for path in ("/access_required", "/auth/me", "/.well-known/jwks.json"):
        assert_shared(sharing.test_client().get(path, headers={"Origin": SPA}), SPA)


def test_a_path_that_only_begins_like_a_shared_one_is_not_shared(sharing: Flask) -> None:
    for path in ("/access_required/user", "/access_required%0a", "/.well-known/jwks.json.bak"):
        assert shared(sharing.test_client().get(path, headers={"Origin": SPA})) == []


def test_paths_that_are_no_pattern_stop_the_start(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(ConfigurationError, match=r"cors_paths = '\(' is not a regular expression .*; set it to"):
        make_host(tmp_path / "instance", clock, cors_paths="(")


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_a_hosts_own_sharing_and_ours_do_not_double(tmp_path: Path, clock: Clock, before: bool) -> None:
    def share(app: Flask) -> None:
        CORS(app, origins=[SPA], supports_credentials=True)

    app = make_host(tmp_path / "instance", clock, prepare=share if before else None, RENEWAL_TRUSTED_ORIGINS=[SPA])
    if not before:
        share(app)
    for path in ("/auth/me", "/access_required"):
        response = app.test_client().get(path, headers={"Origin": SPA})
        assert response.headers.getlist("Access-Control-Allow-Origin") == [SPA]
        assert response.headers.getlist("Access-Control-Allow-Credentials") == ["true"]


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_a_hosts_own_sharing_changes_nothing_for_our_paths(tmp_path: Path, clock: Clock, before: bool) -> None:
    def share(app: Flask) -> None:
        CORS(app, expose_headers=["X-Total"])

    app = make_host(tmp_path / "instance", clock, prepare=share if before else None, RENEWAL_TRUSTED_ORIGINS=[SPA])
    if not before:
        share(app)
    client = app.test_client()
    assert_shared(preflight(client, "/auth/login"), SPA)
    assert_shared(client.post("/auth/refresh", headers={"Origin": SPA}), SPA)
    assert "Access-Control-Allow-Origin" not in client.get("/auth/me", headers={"Origin": "https://evil.test"}).headers
    assert "Access-Control-Allow-Origin" in client.get("/nothing", headers={"Origin": "https://evil.test"}).headers


def test_a_hosts_own_routes_are_left_to_it(tmp_path: Path, clock: Clock) -> None:
    client = make_host(tmp_path / "instance", clock, RENEWAL_TRUSTED_ORIGINS=[SPA]).test_client()
    assert shared(client.get("/access_required", headers={"Origin": SPA})) == []
    assert_shared(client.get("/auth/me", headers={"Origin": SPA}), SPA)


def test_the_prefix_is_followed(make_app: Callable[..., Flask]) -> None:
    app = make_app(name="moved", RENEWAL_TRUSTED_ORIGINS=[SPA], RENEWAL_URL_PREFIX="/api/v1")
    assert_shared(app.test_client().get("/api/v1/me", headers={"Origin": SPA}), SPA)
    assert services_of(app).settings.url_prefix == "/api/v1"
