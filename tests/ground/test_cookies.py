"""The refresh cookie: its name, its attributes, and towards whom."""

from datetime import timedelta
from typing import Any

import pytest
from conftest import PASSWORD
from cookie_names import REFRESH, called
from flask import Response
from werkzeug.datastructures import MultiDict

from flask_renewal import ConfigurationError
from flask_renewal.ground.cookies import CookiePolicy, CookieSpec, is_loopback

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


def test_a_cookie_fits_up_to_4096_bytes_with_name_and_attributes_at_its_longest_life() -> None:
    cookie = spec("https", "api.example.com")
    others = len(written(cookie, timedelta(days=400))) - len("value")
    assert cookie.fits("x" * (4096 - others))
    assert not cookie.fits("x" * (4097 - others))
