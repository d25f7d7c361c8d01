"""The cookies of an application, as they go over HTTP."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from answers import cookies
from conftest import PASSWORD
from cookie_names import REFRESH, TOKENS, called
from flask import Flask
from flask_jwt_extended import JWTManager
from hosts import make_host

from flask_renewal.identity.request import access_cookie, refresh_cookie

ALICE = {"username": "alice", "password": PASSWORD}
HTTPS = "https://api.example.com"
SECURE = called(REFRESH, HTTPS)


def test_over_https_the_prefix_is_there(app: Flask) -> None:
    response = app.test_client().post("/auth/register", json=ALICE, base_url=HTTPS)
    assert list(cookies(response)) == [SECURE]
    assert set(cookies(response)[SECURE].attributes) - {"expires"} == {
        "secure",
        "httponly",
        "path",
        "samesite",
        "max-age",
    }


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        (HTTPS, "refresh_token"),
        (HTTPS, "__Host-refresh_token"),
        (HTTPS, "__Secure-refresh_token"),
        ("http://localhost", SECURE),
        ("http://localhost:5000", "refresh_token"),
        ("http://localhost:5000", "refresh_token_5001"),
    ],
)
def test_a_cookie_is_read_only_under_the_name_that_would_be_set(app: Flask, base_url: str, name: str) -> None:
    client = app.test_client(use_cookies=False)
    token = next(iter(cookies(client.post("/auth/register", json=ALICE, base_url=base_url)).values())).value
    response = client.post("/auth/refresh", headers={"Cookie": f"{name}={token}"}, base_url=base_url)
    assert response.get_json()["code"] == "refresh_token_missing"


def test_a_deployment_behind_a_proxy_that_says_nothing_is_secure_too(app: Flask) -> None:
    response = app.test_client().post("/auth/register", json=ALICE, base_url="http://api.example.com")
    assert "secure" in cookies(response)[SECURE].attributes


def test_other_sites_are_served_partitioned_cookies(make_app: Callable[..., Flask]) -> None:
    app = make_app(JWT_COOKIE_SAMESITE="None")
    client = app.test_client(use_cookies=False)
    made = client.post("/auth/register", json=ALICE, base_url=HTTPS)
    gone = client.post("/auth/logout", base_url=HTTPS)
    for response in (made, gone):
        attributes = cookies(response)[SECURE].attributes
        assert attributes["samesite"] == "None"
        assert {"secure", "partitioned"} <= set(attributes)


def test_the_domain_is_obeyed_over_http(make_app: Callable[..., Flask]) -> None:
    app = make_app(JWT_COOKIE_DOMAIN="example.com")
    response = app.test_client().post("/auth/register", json=ALICE, base_url=HTTPS)
    assert cookies(response)["__Secure-refresh_token"]["domain"] == "example.com"


def test_flasks_own_session_cookie_never_appears(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for path in ("/auth/me", "/auth/sessions", "/auth/nothing", "/healthz", "/readyz", "/.well-known/jwks.json"):
        assert "Set-Cookie" not in client.get(path).headers


def test_two_applications_on_two_ports_of_one_name_do_not_sign_each_other_out(make_app: Callable[..., Flask]) -> None:
    jar, ports = {}, {5000: make_app().test_client(), 5001: make_app(name="other").test_client()}
    for port, client in ports.items():
        made = client.post("/auth/register", json=ALICE, base_url=f"http://localhost:{port}")
        jar |= {name: cookie.value for name, cookie in cookies(made).items()}
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    for port, client in ports.items():
        assert client.post("/auth/refresh", headers=sent, base_url=f"http://localhost:{port}").status_code == 200


def test_api_and_pages_take_the_names_that_the_host_chose(make_app: Callable[..., Flask]) -> None:
    app = make_app(JWT_REFRESH_COOKIE_NAME="shop_refresh", JWT_ACCESS_COOKIE_NAME="shop_access")
    client = app.test_client()
    made = client.post("/register", data=ALICE, base_url=HTTPS)
    assert set(cookies(made)) == {"__Host-Http-shop_refresh", "__Host-Http-shop_access"}
    assert client.get("/account", base_url=HTTPS).status_code == 200
    assert client.post("/auth/refresh", base_url=HTTPS).status_code == 200


def test_the_names_that_a_jwt_manager_wrote_into_the_configuration_are_nobodys_choice(tmp_path: Path) -> None:
    app = make_host(tmp_path, datetime.now, prepare=JWTManager)
    assert app.config["JWT_REFRESH_COOKIE_NAME"] == "refresh_token_cookie"
    with app.test_request_context(base_url=HTTPS):
        assert {refresh_cookie().name, access_cookie().name} == {called(name, HTTPS) for name in TOKENS}
