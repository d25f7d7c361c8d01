"""Any cookie, header, body, form or token whatever: a refusal of ours, never an internal error, and nothing is lost.

`RENEWAL_FUZZ` multiplies the number of examples.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from forging import Forger
from guessing import CHEAP
from hosts import GUARDS, services_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

TIMES = int(os.environ.get("RENEWAL_FUZZ", "1"))
any_times = settings(
    max_examples=60 * TIMES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
HEADER_TEXT = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=200)
"""What a server hands on: any byte but those that end a header."""
FIELDS = ("username", "password", "device", "device_id", "remember", "everywhere", "current_password", "new_password")
HEADERS = ("Authorization", "Origin", "Sec-Fetch-Site", "Content-Type", "X-Device-Id", "X-Refresh-Transport", "Accept")
ROUTES = [
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
    ("POST", "/auth/refresh"),
    ("POST", "/auth/logout"),
    ("PUT", "/auth/password"),
    ("POST", "/auth/confirm"),
]
FORMS = ("/login", "/register", "/account/password", "/logout")


@pytest.fixture
def client(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client whose application hashes cheaply and has one user, signed in elsewhere."""
    monkeypatch.setattr("flask_renewal.identity.users.argon2id.PasswordHasher", lambda **_: CHEAP)
    app = make_app(RATELIMIT_ENABLED=False, RENEWAL_BODY_TRANSPORT=True)
    return app.test_client(use_cookies=False)


@pytest.fixture
def person(client: FlaskClient) -> dict[str, Any]:
    reply = client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    return {"cookie": f"{COOKIE}={_cookie_of(reply)}", **reply.get_json()}


def _cookie_of(reply: TestResponse) -> str:
    return reply.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def is_refused_or_done(reply: TestResponse) -> None:
    """Check that an answer is one of ours: no fault of the server's, nothing of its insides."""
    assert reply.status_code < 500, reply.get_data(as_text=True)
    assert "Traceback" not in reply.get_data(as_text=True)
    if reply.mimetype == "application/problem+json":
        problem = reply.get_json()
        assert problem["status"] == reply.status_code
        assert problem["code"]


def lives(client: FlaskClient, person: dict[str, Any]) -> bool:
    return client.get("/auth/me", headers=bearer(person["access_token"])).status_code == 200


@any_times
@given(sent=st.dictionaries(st.sampled_from(HEADERS), HEADER_TEXT, max_size=4), route=st.sampled_from(ROUTES))
def test_any_headers(client: FlaskClient, person: dict[str, Any], sent: dict[str, str], route: tuple[str, str]) -> None:
    method, path = route
    is_refused_or_done(client.open(path, method=method, headers=sent, data=b'{"username": "alice"}'))
    assert lives(client, person)


@any_times
@given(cookie=HEADER_TEXT, is_ours=st.booleans(), path=st.sampled_from(["/auth/refresh", "/auth/logout", "/account"]))
def test_any_cookie(client: FlaskClient, person: dict[str, Any], cookie: str, is_ours: bool, path: str) -> None:
    sent = f"{COOKIE}={cookie}" if is_ours else cookie
    method = "GET" if path == "/account" else "POST"
    is_refused_or_done(client.open(path, method=method, headers={"Cookie": sent}))
    assert lives(client, person)


@any_times
@given(body=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5) | JSON, route=st.sampled_from(ROUTES))
def test_any_json(client: FlaskClient, person: dict[str, Any], body: Any, route: tuple[str, str]) -> None:
    method, path = route
    headers = bearer(person["access_token"]) if path in ("/auth/password", "/auth/confirm") else {}
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    reply = client.open(path, method=method, headers=headers, data=content, content_type="application/json")
    is_refused_or_done(reply)
    assert lives(client, person)


@any_times
@given(body=st.binary(max_size=300), route=st.sampled_from(ROUTES))
def test_any_bytes(client: FlaskClient, person: dict[str, Any], body: bytes, route: tuple[str, str]) -> None:
    method, path = route
    is_refused_or_done(client.open(path, method=method, data=body, content_type="application/json"))
    assert lives(client, person)


@any_times
@given(
    fields=st.dictionaries(st.sampled_from((*FIELDS, "next", "show")), st.text(max_size=60), max_size=6),
    path=st.sampled_from(FORMS),
)
def test_any_form(client: FlaskClient, person: dict[str, Any], fields: dict[str, str], path: str) -> None:
    is_refused_or_done(client.post(path, data={name: text.encode("utf-8", "replace") for name, text in fields.items()}))
    assert lives(client, person)


@any_times
@given(
    claims=st.dictionaries(
        st.sampled_from(["iss", "aud", "sub", "sid", "exp", "iat", "nbf", "jti", "type", "fresh", "auth_time"]),
        JSON,
        min_size=1,
        max_size=4,
    ),
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "jku", "x5c", "b64"]), JSON, max_size=3
    ),
    guard=st.sampled_from(sorted(GUARDS)),
)
def test_any_claims_that_our_own_key_has_signed(
    get: Callable[..., TestResponse], forger: Forger, claims: dict[str, Any], header: dict[str, Any], guard: str
) -> None:
    reply = get(f"/{guard}", headers=bearer(forger.signed(claims, header)))
    assert reply.status_code in (200, 401)
    if {**forger.claims, **claims} == forger.claims and {**forger.header, **header} == forger.header:
        assert reply.status_code == 200
    elif reply.status_code == 200:
        changed = {name for name in claims if claims[name] != forger.claims.get(name)}
        assert changed <= {"nbf", "jti", "fresh", "auth_time", "iat", "exp", "sub"}, (claims, header)


@any_times
@given(at=st.integers(0, 400), written=HEADER_TEXT.filter(str.isascii), cut=st.integers(0, 8))
def test_any_change_to_a_refresh_token_ends_nothing(
    client: FlaskClient, person: dict[str, Any], at: int, written: str, cut: int
) -> None:
    good = person["cookie"]
    start = len(COOKIE) + 1 + at % (len(good) - len(COOKIE) - 1)
    changed = f"{good[:start]}{written}{good[start + cut :]}"
    reply = client.post("/auth/refresh", headers={"Cookie": changed})
    is_refused_or_done(reply)
    assert reply.status_code in ((200,) if changed == good else (200, 400, 401))
    with client.application.app_context():
        assert services_of(client.application).sessions.living(person["session"]["id"])
