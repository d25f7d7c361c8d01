"""The refresh cookie: its name, its attributes, and towards whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from answers import cookies
from conftest import PASSWORD
from flask import Flask, Response
from werkzeug.datastructures import MultiDict

from flask_renewal import ConfigurationError
from flask_renewal.cookies import CookiePolicy, CookieSpec, is_loopback

ALICE = {"username": "alice", "password": PASSWORD}
HTTPS = "https://api.example.com"


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
    assert cookie.name == ("__Host-token" if secure else "token")


@pytest.mark.parametrize(("scheme", "host"), [("http", "localhost"), ("https", "api.example.com")])
@pytest.mark.parametrize("secure", [True, False])
def test_the_setting_is_obeyed_everywhere(scheme: str, host: str, secure: bool) -> None:
    assert spec(scheme, host, secure=secure).secure is secure


def test_a_cookie_has_these_attributes_and_no_others() -> None:
    assert set(written(spec("https", "api.example.com")).split("; ")) == {
        "__Host-token=value",
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
    assert line.startswith("__Host-token=")
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


@pytest.mark.parametrize(
    ("values", "read"), [([], None), (["a"], "a"), ([""], ""), (["a", "b"], None), (["a", "a"], None)]
)
def test_a_cookie_that_is_sent_twice_is_not_read(values: list[str], read: str | None) -> None:
    cookie = spec("https", "x.example")
    assert cookie.read(MultiDict([(cookie.name, value) for value in values])) == read


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "[::1]", "[::1]:80", "LocalHost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "::1", "localhost:", "localhost:x", "localhost.", "127.0.0.1.evil.test", "[::2]"])
def test_no_loopback(host: str) -> None:
    assert not is_loopback(host)


# ---- over HTTP


def test_over_https_the_prefix_is_there(app: Flask) -> None:
    response = app.test_client().post("/auth/register", json=ALICE, base_url=HTTPS)
    assert list(cookies(response)) == ["__Host-refresh_token"]
    assert set(cookies(response)["__Host-refresh_token"].attributes) - {"expires"} == {
        "secure",
        "httponly",
        "path",
        "samesite",
        "max-age",
    }


@pytest.mark.parametrize(
    ("base_url", "name"),
    [(HTTPS, "refresh_token"), ("http://localhost", "__Host-refresh_token"), (HTTPS, "__Secure-refresh_token")],
)
def test_a_cookie_is_read_only_under_the_name_that_would_be_set(app: Flask, base_url: str, name: str) -> None:
    client = app.test_client(use_cookies=False)
    token = next(iter(cookies(client.post("/auth/register", json=ALICE, base_url=base_url)).values())).value
    response = client.post("/auth/refresh", headers={"Cookie": f"{name}={token}"}, base_url=base_url)
    assert response.get_json()["code"] == "refresh_token_missing"


def test_a_deployment_behind_a_proxy_that_says_nothing_is_secure_too(app: Flask) -> None:
    response = app.test_client().post("/auth/register", json=ALICE, base_url="http://api.example.com")
    assert "secure" in cookies(response)["__Host-refresh_token"].attributes


def test_other_sites_are_served_partitioned_cookies(make_app: Callable[..., Flask]) -> None:
    app = make_app(JWT_COOKIE_SAMESITE="None")
    client = app.test_client(use_cookies=False)
    made = client.post("/auth/register", json=ALICE, base_url=HTTPS)
    gone = client.post("/auth/logout", base_url=HTTPS)
    for response in (made, gone):
        attributes = cookies(response)["__Host-refresh_token"].attributes
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
