"""The refresh cookie: its name, its attributes, and towards whom."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from answers import cookies
from conftest import PASSWORD
from cookie_names import REFRESH, TOKENS, called
from flask import Flask, Response
from flask_jwt_extended import JWTManager
from hosts import make_host, services_of
from werkzeug.datastructures import MultiDict

from flask_renewal import ConfigurationError
from flask_renewal.cookies import CookiePolicy, CookieSpec, is_loopback

ALICE = {"username": "alice", "password": PASSWORD}
HTTPS = "https://api.example.com"
SECURE = called(REFRESH, HTTPS)


def policy(**changes: Any) -> CookiePolicy:
    return CookiePolicy(**{"secure": None, "same_site": "Lax", "domain": None, **changes})


def spec(scheme: str, host: str, **changes: Any) -> CookieSpec:
    return policy(**changes).spec("token", scheme=scheme, host=host)


def written(cookie: CookieSpec, max_age: timedelta | None = None) -> str:
    response = Response()
    cookie.set(response, "value", max_age=max_age)
    return response.headers["Set-Cookie"]


TOWARDS = {
    "a site over https": ("https", "api.example.com", True),
    "a site behind a proxy that says http": ("http", "api.example.com", True),
    "localhost over http": ("http", "localhost", False),
    "localhost on a port": ("http", "localhost:5000", False),
    "localhost in capitals": ("http", "LOCALHOST:5000", False),
    "127.0.0.1 over http": ("http", "127.0.0.1:5000", False),
    "IPv6 loopback over http": ("http", "[::1]:5000", False),
    "IPv6 loopback without a port": ("http", "[::1]", False),
    "localhost over https": ("https", "localhost:5000", True),
    "a name that begins like localhost": ("http", "localhost.evil.test", True),
    "a name that ends like localhost": ("http", "evil-localhost", True),
    "a name under localhost": ("http", "app.localhost:5000", True),
    "another loopback address": ("http", "127.0.0.2", True),
    "a LAN address": ("http", "192.168.1.7:5000", True),
    "no host": ("http", "", True),
}


@pytest.mark.parametrize(("scheme", "host", "secure"), TOWARDS.values(), ids=TOWARDS)
def test_a_cookie_is_secure_except_towards_a_loopback_name_over_http(scheme: str, host: str, secure: bool) -> None:
    cookie = spec(scheme, host)
    assert cookie.secure is secure
    port = host.rpartition(":")[2]
    assert cookie.name == ("__Host-Http-token" if secure else f"token_{port}" if port.isdigit() else "token")


@pytest.mark.parametrize(("scheme", "host"), [("http", "localhost"), ("https", "api.example.com")])
@pytest.mark.parametrize("secure", [True, False])
def test_the_setting_is_obeyed_everywhere(scheme: str, host: str, secure: bool) -> None:
    assert spec(scheme, host, secure=secure).secure is secure


def test_a_cookie_has_these_attributes_and_no_others() -> None:
    assert set(written(spec("https", "api.example.com")).split("; ")) == {
        "__Host-Http-token=value",
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    }


def test_towards_localhost_it_has_these() -> None:
    parts = written(spec("http", "localhost")).split("; ")
    assert set(parts) == {"token=value", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_same_site_strict_is_obeyed() -> None:
    assert "SameSite=Strict" in written(spec("https", "api.example.com", same_site="Strict"))


@pytest.mark.parametrize(("scheme", "host"), [("https", "api.example.com"), ("http", "localhost:5000")])
def test_a_cookie_for_another_site_is_secure_and_partitioned(scheme: str, host: str) -> None:
    line = written(spec(scheme, host, same_site="None"))
    assert line.startswith("__Host-Http-token=")
    assert {"SameSite=None", "Secure", "Partitioned"} <= set(line.split("; "))


def test_a_cookie_for_another_site_that_is_not_secure_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="JWT_COOKIE_SAMESITE 'None' with JWT_COOKIE_SECURE False"):
        policy(same_site="None", secure=False)


def test_with_a_domain_the_prefix_is_the_one_that_is_legal() -> None:
    line = written(spec("https", "api.example.com", domain="example.com"))
    assert line.startswith("__Secure-token=")
    assert "Domain=example.com" in line.split("; ")
    assert spec("http", "localhost", domain="example.com").name == "token"


@pytest.mark.parametrize(
    "changes", [{}, {"same_site": "None"}, {"domain": "example.com"}, {"same_site": "Strict"}], ids=str
)
def test_a_cookie_is_cleared_with_the_attributes_that_it_was_set_with(changes: dict[str, Any]) -> None:
    cookie, response = spec("https", "api.example.com", **changes), Response()
    cookie.clear(response)
    cleared = set(response.headers["Set-Cookie"].split("; "))
    kept = set(written(cookie).split("; ")) - {f"{cookie.name}=value"}
    assert {f"{cookie.name}=", "Max-Age=0", *kept} == {part for part in cleared if not part.startswith("Expires")}


@pytest.mark.parametrize(
    ("life", "seconds"),
    [
        (timedelta(days=30), 2_592_000),
        (timedelta(days=4000), 34_560_000),
        (timedelta(seconds=-5), 0),
        (timedelta(0), 0),
    ],
    ids=str,
)
def test_a_cookie_is_kept_for_400_days_at_most(life: timedelta, seconds: int) -> None:
    assert f"Max-Age={seconds}" in written(spec("https", "x.example"), life).split("; ")


@pytest.mark.parametrize("values", [[], ["a"], [""], ["a", "b"], ["a", "a"]], ids=str)
def test_all_that_is_sent_under_the_name_is_read(values: list[str]) -> None:
    cookie = spec("https", "x.example")
    assert cookie.read(MultiDict([(cookie.name, value) for value in values])) == values


NAMED = {
    "over https": ("https", "x.example", {}, "__Host-Http-shop"),
    "over https on a port": ("https", "localhost:8443", {}, "__Host-Http-shop"),
    "on loopback": ("http", "localhost:5000", {}, "shop"),
    "below a domain": ("https", "x.example", {"domain": "x.example"}, "__Secure-shop"),
    "where it is not to be secure": ("https", "x.example", {"secure": False}, "shop"),
}


@pytest.mark.parametrize(("scheme", "host", "changes", "name"), NAMED.values(), ids=NAMED)
def test_a_name_that_the_host_chose_has_the_prefix_where_it_is_legal_and_no_port(
    scheme: str, host: str, changes: dict[str, Any], name: str
) -> None:
    assert spec(scheme, host, names={"token": "shop"}, **changes).name == name


def test_on_loopback_a_cookie_that_is_not_to_be_secure_is_what_it_is_without_the_setting() -> None:
    assert spec("http", "localhost:5000", secure=False) == spec("http", "localhost:5000")


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "[::1]", "[::1]:80", "LocalHost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "::1", "localhost:", "localhost:x", "localhost:\xb2", "localhost.", "127.0.0.1.evil.test", "[::2]"]
)
def test_no_loopback(host: str) -> None:
    assert not is_loopback(host)


# ---- over HTTP


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
        services = services_of(app)
        assert {services.refresh_cookie().name, services.access_cookie().name} == {
            called(name, HTTPS) for name in TOKENS
        }
