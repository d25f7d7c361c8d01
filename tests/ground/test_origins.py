"""May this request change state? The table, as a pure function and over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from statements import statements

from flask_renewal import create_app
from flask_renewal.ground import events, origins

SPA = "https://app.example.com"
SIBLING = "https://blog.example.com"
EVIL = "https://evil.test"
OWN = "https://api.example.com"
HOST = "api.example.com"
TRUSTED = frozenset({SPA, "http://localhost:3000", "http://[::1]:3000", "capacitor://localhost"})

Row = tuple[str | None, str | None, str, str, bool]
TABLE: dict[str, Row] = {
    # Sec-Fetch-Site, Origin, scheme, host, allowed
    "a form of our own": ("same-origin", OWN, "https", HOST, True),
    "a form of our own under no-referrer": ("same-origin", "null", "https", HOST, True),
    "a form of our own without Origin": ("same-origin", None, "https", HOST, True),
    "spaces around the word": (" same-origin ", None, "https", HOST, True),
    "the address bar": ("none", None, "https", HOST, True),
    "the address bar, whatever Origin says": ("none", EVIL, "https", HOST, True),
    "a form of a sibling": ("same-site", SIBLING, "https", HOST, False),
    "a form of a sibling under no-referrer": ("same-site", "null", "https", HOST, False),
    "a sibling without Origin": ("same-site", None, "https", HOST, False),
    "another port": ("same-site", "https://api.example.com:8443", "https", HOST, False),
    "a form of a foreign site": ("cross-site", EVIL, "https", HOST, False),
    "a sandboxed frame": ("cross-site", "null", "https", HOST, False),
    "a foreign image": ("cross-site", None, "https", HOST, False),
    "our own form through a foreign redirect": ("cross-site", "null", "https", HOST, False),
    "our own origin, said to be foreign": ("cross-site", OWN, "https", HOST, False),
    "the trusted app": ("cross-site", SPA, "https", HOST, True),
    "the trusted app on a sibling host": ("same-site", SPA, "https", HOST, True),
    "a trusted development origin": ("same-site", "http://localhost:3000", "http", "localhost:5000", True),
    "a development origin that is not listed": ("same-site", "http://localhost:4000", "http", "localhost:5000", False),
    "127.0.0.1 for localhost": ("cross-site", "http://127.0.0.1:3000", "http", "localhost:5000", False),
    "an empty word": ("", OWN, "https", HOST, False),
    "an unknown word": ("same-planet", OWN, "https", HOST, False),
    "another case of the word": ("Same-Origin", OWN, "https", HOST, False),
    "two words": ("same-origin, cross-site", OWN, "https", HOST, False),
    "two words from the trusted app": ("same-origin, cross-site", SPA, "https", HOST, True),
    "an old browser's own form": (None, OWN, "https", HOST, True),
    "an old browser's foreign form": (None, EVIL, "https", HOST, False),
    "an old browser's sibling form": (None, SIBLING, "https", HOST, False),
    "an old browser's sandboxed frame": (None, "null", "https", HOST, False),
    "an old browser in the trusted app": (None, SPA, "https", HOST, True),
    "plain http on a LAN address": (None, "http://192.168.1.7:5000", "http", "192.168.1.7:5000", True),
    "plain http, another port": (None, "http://192.168.1.7:8000", "http", "192.168.1.7:5000", False),
    "TLS that ends at a proxy": (None, OWN, "http", HOST, True),
    "http of our own host attacking https": (None, "http://api.example.com", "https", HOST, False),
    "the default port in the host": (None, OWN, "https", "api.example.com:443", True),
    "the default port of http": (None, "http://api.example.com", "http", "api.example.com:80", True),
    "another port in the host": (None, "https://api.example.com:8443", "https", "api.example.com:8443", True),
    "a host in mixed case": (None, OWN, "https", "API.Example.com", True),
    "an origin in mixed case": (None, "https://API.example.com", "https", HOST, False),
    "an IPv6 host": (None, "http://[::1]:5000", "http", "[::1]:5000", True),
    "a trusted IPv6 origin": ("same-site", "http://[::1]:3000", "http", "[::1]:5000", True),
    "the default port in the origin": (None, "https://api.example.com:443", "https", HOST, False),
    "a path behind the origin": (None, OWN + "/", "https", HOST, False),
    "user info before our host": (None, "https://evil@api.example.com", "https", HOST, False),
    "our host as user info": (None, "https://api.example.com@evil.test", "https", HOST, False),
    "our host as a prefix": (None, OWN + ".evil.test", "https", HOST, False),
    "our host as a suffix": (None, "https://evil-api.example.com", "https", HOST, False),
    "the trusted app as a prefix": ("cross-site", SPA + ".evil.test", "https", HOST, False),
    "the trusted app with a path": ("cross-site", SPA + "/", "https", HOST, False),
    "the trusted app over http": ("cross-site", "http://app.example.com", "https", HOST, False),
    "two origins": (None, f"{OWN}, {EVIL}", "https", HOST, False),
    "two origins, one trusted": ("cross-site", f"{SPA}, {EVIL}", "https", HOST, False),
    "two origins separated by a space": (None, f"{OWN} {EVIL}", "https", HOST, False),
    "an empty origin": (None, "", "https", HOST, False),
    "a trusted wrapped app": ("cross-site", "capacitor://localhost", "https", HOST, True),
    "a wrapped app that is not listed": ("cross-site", "capacitor://elsewhere", "https", HOST, False),
    "an extension": (None, "chrome-extension://abcdef", "https", HOST, False),
    "a file": (None, "file://", "https", HOST, False),
    "no browser at all": (None, None, "https", HOST, True),
}
rows = pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)


@rows
def test_the_rule(row: Row) -> None:
    site, origin, scheme, host, allowed = row
    source = origins.Provenance(sec_fetch_site=site, origin=origin, scheme=scheme, host=host)
    assert origins.is_trusted(source, TRUSTED) is allowed


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose state no test of this file changes."""
    folder = tmp_path_factory.mktemp("origins") / "instance"
    return create_app({"RENEWAL_TRUSTED_ORIGINS": sorted(TRUSTED), "RATELIMIT_ENABLED": False}, instance_path=folder)


@rows
@pytest.mark.parametrize("path", ["/auth/login", "/auth/refresh", "/auth/logout"])
def test_the_rule_over_http(trusting: Flask, path: str, row: Row) -> None:
    site, origin, scheme, host, allowed = row
    given = {"Sec-Fetch-Site": site, "Origin": origin}
    headers = {name: value for name, value in given.items() if value is not None}
    response = trusting.test_client().post(path, headers=headers, base_url=f"{scheme}://{host}")
    assert (response.status_code != 403) is allowed
    if not allowed:
        assert_problem(response, 403, "untrusted_origin")
        assert "Set-Cookie" not in response.headers
        assert {"Origin", "Sec-Fetch-Site"} <= set(response.vary)


CHANGING = [
    ("post", "/auth/register"),
    ("post", "/auth/login"),
    ("post", "/auth/refresh"),
    ("post", "/auth/logout"),
    ("delete", "/auth/sessions"),
    ("delete", "/auth/sessions/x"),
    ("put", "/auth/password"),
    ("post", "/auth/confirm"),
]


@pytest.mark.parametrize(("method", "path"), CHANGING, ids=[f"{method} {path}" for method, path in CHANGING])
def test_nothing_is_read_or_changed_for_an_untrusted_origin(
    app: Flask, client: FlaskClient, login: dict[str, Any], method: str, path: str
) -> None:
    content = {
        "username": "alice",
        "password": PASSWORD,
        "current_password": PASSWORD,
        "new_password": "a new password",
    }
    headers = {**bearer(login["access_token"]), "Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
    with statements(app) as sent:
        response = getattr(client, method)(path, json=content, headers=headers)
    assert_problem(response, 403, "untrusted_origin")
    assert "Set-Cookie" not in response.headers
    assert sent == []


def test_every_changing_route_of_the_api_is_in_the_table(app: Flask) -> None:
    safe = {"GET", "HEAD", "OPTIONS"}
    routes = {
        (method.lower(), rule.rule.replace("<session_id>", "x"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - safe
        if rule.endpoint.startswith(("flask_renewal.", "flask_renewal_accounts."))
    }
    assert routes == set(CHANGING)


def test_the_body_is_not_looked_at(client: FlaskClient) -> None:
    response = client.post("/auth/login", data=b"{", headers={"Origin": EVIL})
    assert_problem(response, 403, "untrusted_origin")


def test_an_untrusted_origin_costs_no_attempt(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_RATELIMIT_LOGIN="1 per minute").test_client()
    content = {"username": "alice", "password": PASSWORD}
    client.post("/auth/register", json=content)
    for _ in range(3):
        client.post("/auth/login", json={**content, "password": "wrong"}, headers={"Origin": EVIL})
    assert client.post("/auth/login", json=content).status_code == 200


def test_the_cookie_works_on_after_a_refusal(client: FlaskClient, login: dict[str, Any]) -> None:
    assert client.post("/auth/refresh", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/auth/refresh").status_code == 200


def test_reading_is_for_everybody_who_has_a_token(client: FlaskClient, login: dict[str, Any]) -> None:
    headers = {**bearer(login["access_token"]), "Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
    response = client.get("/auth/me", headers=headers)
    assert response.status_code == 200
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


def test_a_refusal_is_an_event(app: Flask, client: FlaskClient) -> None:
    seen: list[Any] = []
    with events.untrusted_origin.connected_to(lambda sender, **facts: seen.append(facts), app):
        client.post("/auth/login", headers={"Origin": EVIL})
    assert seen == [{"origin": EVIL, "refused": True}]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_method_override_does_not_pass(client: FlaskClient, method: str) -> None:
    headers = {"Origin": EVIL, "X-HTTP-Method-Override": "GET"}
    assert getattr(client, method)("/auth/refresh", headers=headers).status_code in (403, 405)


GOOD_ORIGINS = [
    SPA,
    "http://localhost:3000",
    "https://xn--bcher-kva.example",
    "http://127.0.0.1",
    "http://[::1]:3000",
    "capacitor://localhost",
    "tauri://localhost",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "safari-web-extension://7C1F5A52-91B5-4E61-9E0D-0D5F5A9C8B11",
]
BAD_ORIGINS = {
    "the null origin": "null",
    "a wildcard": "*",
    "a wildcard host": "https://*.example.com",
    "a wildcard port": "http://localhost:*",
    "a pattern": r"https://.*\.example\.com",
    "a path": SPA + "/",
    "a query": SPA + "?x",
    "capitals": "https://App.example.com",
    "the default port": SPA + ":443",
    "the default port of http": "http://app.example.com:80",
    "an empty port": SPA + ":",
    "a port of six digits": SPA + ":123456",
    "user info": "https://me@app.example.com",
    "no scheme": "app.example.com",
    "a scheme without a host": "capacitor:",
    "a file": "file://",
    "a wildcard below another scheme": "capacitor://*",
    "a path below another scheme": "capacitor://localhost/",
    "a scheme in capitals": "Capacitor://localhost",
    "letters beyond ASCII": "https://b\u00fccher.example",
    "a space": " " + SPA,
    "a line break": SPA + "\n",
    "nothing": "",
}


@pytest.mark.parametrize("origin", GOOD_ORIGINS)
def test_an_origin_as_browsers_write_it_is_one(origin: str) -> None:
    assert origins.is_serialized_origin(origin) is True


@pytest.mark.parametrize("origin", BAD_ORIGINS.values(), ids=BAD_ORIGINS)
def test_anything_else_is_not(origin: str) -> None:
    assert origins.is_serialized_origin(origin) is False


def test_https_of_the_host_is_its_own_and_http_only_over_http() -> None:
    https, http = (
        origins.Provenance(sec_fetch_site=None, origin=None, scheme=scheme, host=HOST) for scheme in ("https", "http")
    )
    assert origins.own_origins(https) == (OWN,)
    assert origins.own_origins(http) == (OWN, "http://api.example.com")
