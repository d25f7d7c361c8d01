"""Behind a proxy: whose word counts."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD
from flask import Flask, jsonify, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, EnvironBuilder

from flask_renewal.ground.proxies import TrustedProxies

ALICE = {"username": "alice", "password": PASSWORD}


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "api.example.com",
    "X-Forwarded-Port": "443",
}


def reflecting(app: Flask) -> Any:
    app.add_url_rule(
        "/reflect", view_func=lambda: jsonify(request.scheme, request.host, request.remote_addr, request.root_path)
    )
    return app.test_client()


@pytest.mark.parametrize(
    ("count", "seen"),
    [(0, ["http", "localhost", "127.0.0.1", ""]), (1, ["https", "api.example.com", "203.0.113.9", ""])],
    ids=["none", "one"],
)
def test_forwarded_headers_are_believed_as_far_as_proxies_are_trusted(
    make_app: Callable[..., Flask], count: int, seen: list[str]
) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=count))
    assert client.get("/reflect", headers=FORWARDED).get_json() == seen


HEADERS = {
    "a prefix with a host": ("X-Forwarded-Prefix", "//evil.test"),
    "a prefix with a host further in": ("X-Forwarded-Prefix", "/a//evil.test"),
    "a prefix with a scheme": ("X-Forwarded-Prefix", "https://evil.test"),
    "a prefix with a backslash": ("X-Forwarded-Prefix", "/\\evil.test"),
    "a prefix that leads up": ("X-Forwarded-Prefix", "/a/../b"),
    "a prefix without a slash": ("X-Forwarded-Prefix", "a"),
    "a prefix with a query": ("X-Forwarded-Prefix", "/a?b"),
    "a prefix that is escaped": ("X-Forwarded-Prefix", "/%2fevil.test"),
    "a prefix that is too long": ("X-Forwarded-Prefix", "/a" * 200),
    "another scheme": ("X-Forwarded-Proto", "javascript"),
    "a host with a path": ("X-Forwarded-Host", "evil.test/path"),
    "a host with somebody": ("X-Forwarded-Host", "somebody@evil.test"),
    "a host that is quoted": ("X-Forwarded-Host", '"evil.test'),
    "a port that is too high": ("X-Forwarded-Port", "65536"),
    "a port that is a path": ("X-Forwarded-Port", "80/evil"),
    "a port in other digits": ("X-Forwarded-Port", "\u0661"),
    "an address that is none": ("X-Forwarded-For", "unknown"),
}


@pytest.mark.parametrize(("name", "value"), HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("count", [1, 2])
def test_what_cannot_be_true_is_not_believed(make_app: Callable[..., Flask], count: int, name: str, value: str) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=count))
    said = ", ".join([value] * count).encode().decode("latin-1")
    assert client.get("/reflect", headers={name: said}).get_json() == client.get("/reflect").get_json()


PLAIN = {
    "a prefix": ("X-Forwarded-Prefix", "/a/b-1", "/a/b-1"),
    "a prefix with a slash at its end": ("X-Forwarded-Prefix", "/a/", "/a"),
    "a scheme in capitals": ("X-Forwarded-Proto", "HTTPS", "https"),
    "a host with a port": ("X-Forwarded-Host", "api.example.com:8443", "api.example.com:8443"),
    "a host by its address": ("X-Forwarded-Host", "[2001:db8::1]:8443", "[2001:db8::1]:8443"),
    "a port": ("X-Forwarded-Port", "8443", "localhost:8443"),
    "the highest port": ("X-Forwarded-Port", "65535", "localhost:65535"),
    "an address with a port": ("X-Forwarded-For", "203.0.113.9:50123", "203.0.113.9"),
    "an IPv6 address": ("X-Forwarded-For", "2001:DB8::1", "2001:db8::1"),
    "an IPv6 address with a port": ("X-Forwarded-For", '"[2001:db8::1]:50123"', "2001:db8::1"),
}


@pytest.mark.parametrize(("name", "said", "believed"), PLAIN.values(), ids=PLAIN)
def test_what_is_plain_is_believed(make_app: Callable[..., Flask], name: str, said: str, believed: str) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=1))
    assert believed in client.get("/reflect", headers={name: said}).get_json()


def test_what_a_client_says_does_not_undo_what_the_proxy_says(make_app: Callable[..., Flask]) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=1))
    headers = {"X-Forwarded-For": "unknown, 203.0.113.9", "X-Forwarded-Prefix": "//evil.test, /a"}
    assert {"203.0.113.9", "/a"} <= set(client.get("/reflect", headers=headers).get_json())


def test_a_mount_is_below_the_prefix(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_TRUSTED_PROXIES=1)
    mounted = Client(DispatcherMiddleware(Flask("root"), {"/inner": app}))
    headers = {"X-Forwarded-Prefix": "/outer", "Sec-Fetch-Mode": "navigate"}
    location = mounted.get("/inner/account", headers=headers).location
    assert location is not None
    assert location.startswith("/outer/inner/login?next=/outer/inner/account")


def test_a_server_need_not_say_that_an_application_is_mounted_nowhere() -> None:
    seen: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["SCRIPT_NAME"])
        return []

    environ = EnvironBuilder(headers={"X-Forwarded-Prefix": "/outer"}).get_environ()
    del environ["SCRIPT_NAME"]
    TrustedProxies(app, count=1)(environ, lambda *_: lambda _: None)
    assert seen == ["/outer"]


def test_only_the_last_proxys_word_counts(make_app: Callable[..., Flask]) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=1))
    headers = {**FORWARDED, "X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Host": "evil.test, api.example.com"}
    assert client.get("/reflect", headers=headers).get_json() == ["https", "api.example.com", "203.0.113.9", ""]


def test_of_two_proxies_the_outer_ones_word_counts(make_app: Callable[..., Flask]) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=2))
    headers = {
        "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.1",
        "X-Forwarded-Proto": "http, https, http",
        "X-Forwarded-Host": "evil.test, api.example.com, inner.test",
        "X-Forwarded-Port": "1, 8443, 2",
        "X-Forwarded-Prefix": "/evil, /a, /b",
    }
    assert client.get("/reflect", headers=headers).get_json() == ["https", "api.example.com:8443", "203.0.113.9", "/a"]


def test_a_spoofed_address_does_not_move_the_limit(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_RATELIMIT_LOGIN="2 per hour").test_client()
    content = {"password": "wrong"}
    statuses = [
        client.post(
            "/auth/login",
            json={**content, "username": f"user-{number}"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"},
        ).status_code
        for number in range(3)
    ]
    assert statuses == [401, 401, 429]


@pytest.mark.parametrize(
    "host", ["evil.test", "api.example.com.evil.test", "user@api.example.com", "api.example.com:99999x"]
)
def test_a_host_that_is_not_trusted_is_refused(make_app: Callable[..., Flask], host: str) -> None:
    client = make_app(TRUSTED_HOSTS=["api.example.com"]).test_client()
    for path in ("/auth/login", "/auth/me", "/healthz"):
        response = client.post(path, json=ALICE, headers={"Host": host})
        assert_problem(response, 400, "invalid_request")
        assert "Set-Cookie" not in response.headers
