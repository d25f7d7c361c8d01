"""Signing in."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE, assert_problem, cookies, rows, session_count
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from forging import claims_of
from hosts import sign_in as host_sign_in
from werkzeug.test import TestResponse

from flask_renewal import create_app
from flask_renewal.identity.sessions.purging import EVERY

ALICE = {"username": "alice", "password": PASSWORD}
INVALID = {"username": "alice", "password": "not the one at all"}


@pytest.fixture
def alice(client: FlaskClient) -> dict[str, Any]:
    """Register alice and forget the cookie; return the token response."""
    answer = client.post("/auth/register", json=ALICE).get_json()
    client.delete_cookie(COOKIE)
    return answer


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application that stays as it is, for it is sent nothing that it takes."""
    return create_app(instance_path=tmp_path_factory.mktemp("login") / "instance").test_client()


def sign_in(client: FlaskClient, **more: Any) -> TestResponse:
    return client.post("/auth/login", json={**ALICE, **more})


@pytest.mark.usefixtures("alice")
def test_signing_in_answers_like_registering(client: FlaskClient, alice: dict[str, Any]) -> None:
    response = sign_in(client)
    body = response.get_json()
    assert response.status_code == 200
    assert (set(body), body["user"]) == (set(alice), alice["user"])
    assert body["session"]["id"] != alice["session"]["id"]
    assert client.get("/auth/me", headers=bearer(body["access_token"])).status_code == 200


@pytest.mark.usefixtures("alice")
def test_the_refresh_token_is_nowhere_but_in_one_cookie(client: FlaskClient) -> None:
    response = sign_in(client)
    token = cookies(response)[COOKIE].value
    assert len(token) > 60
    assert token not in response.text
    assert [name for name, value in response.headers if token in value] == ["Set-Cookie"]


def test_a_token_of_signing_in_is_fresh(alice: dict[str, Any]) -> None:
    claims = claims_of(alice["access_token"])
    assert claims["fresh"] is True
    assert claims["auth_time"] == claims["iat"]


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("name", ["ALICE", "Alice", "\uff41lice"], ids=["capitals", "one capital", "full width"])
def test_names_are_compared_without_regard_to_case(client: FlaskClient, name: str) -> None:
    response = client.post("/auth/login", json={**ALICE, "username": name})
    assert response.get_json()["user"]["username"] == "alice"
    assert_problem(client.post("/auth/register", json={**ALICE, "username": name}), 409, "username_taken")


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize(
    "password",
    [PASSWORD + " ", PASSWORD.upper(), PASSWORD[:12], " " * 12, "x", "é" * 512],
    ids=["a trailing space", "another case", "cut", "spaces only", "short", "1,024 bytes"],
)
def test_a_password_that_is_not_the_one_is_refused(client: FlaskClient, password: str) -> None:
    response = client.post("/auth/login", json={**ALICE, "password": password})
    assert_problem(response, 401, "invalid_credentials")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("name", ["' OR 1=1--", "admin'--", "%", "*)(uid=*", "nobody"])
def test_an_unknown_name_is_refused_in_the_same_words(client: FlaskClient, name: str, alice: dict[str, Any]) -> None:
    wrong, unknown = (client.post("/auth/login", json={**INVALID, "username": who}) for who in ("alice", name))
    assert_problem(unknown, 401, "invalid_credentials")
    assert unknown.data == wrong.data
    assert sorted(unknown.headers.keys()) == sorted(wrong.headers.keys())


def test_a_disabled_user_is_refused_in_the_same_words(app: Flask, client: FlaskClient, alice: dict[str, Any]) -> None:
    wrong = client.post("/auth/login", json=INVALID)
    app.extensions["flask-renewal"].accounts.disable("alice")
    assert sign_in(client).data == wrong.data


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize(
    "value",
    [None, 5, 2**70, True, ["a"], {"a": 1}, ""],
    ids=["null", "5", "2^70", "true", "a list", "an object", "empty"],
)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
def test_a_field_of_the_wrong_kind_is_named(refusing: FlaskClient, path: str, field: str, value: object) -> None:
    body = assert_problem(refusing.post(path, json={**ALICE, field: value}), 422, "invalid_request")
    assert body["field"] == field
    assert field in body["detail"]


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
def test_a_field_that_is_missing_is_named(refusing: FlaskClient, path: str, field: str) -> None:
    content = {name: value for name, value in ALICE.items() if name != field}
    assert assert_problem(refusing.post(path, json=content), 422, "invalid_request")["field"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("device", 5),
        ("device_id", ["x"]),
        ("device_id", "x" * 257),
        ("remember", "no"),
        ("remember", 1),
        ("remember", None),
    ],
    ids=str,
)
def test_an_optional_field_of_the_wrong_kind_is_named(refusing: FlaskClient, field: str, value: object) -> None:
    response = refusing.post("/auth/register", json={**ALICE, field: value})
    assert assert_problem(response, 422, "invalid_request")["field"] == field


def test_an_optional_field_may_be_as_long_as_it_may_be(client: FlaskClient) -> None:
    assert client.post("/auth/register", json={**ALICE, "device_id": "x" * 256}).status_code == 201


def test_credentials_are_read_from_the_body_only(app: Flask, client: FlaskClient, alice: dict[str, Any]) -> None:
    before = session_count(app)
    response = client.post("/auth/login", query_string=ALICE, json={})
    assert_problem(response, 422, "invalid_request")
    assert session_count(app) == before


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("x\r\nSet-Cookie: a=b", "xSet-Cookie: a=b"),
        ("d" * 10_000, "d" * 100),
        ("a\u202eb\u2028c", "abc"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("  \x00 ", None),
        ("", None),
        (None, None),
    ],
    ids=["a line break", "10 kB", "direction marks", "markup", "nothing visible", "empty", "null"],
)
def test_a_device_name_is_cleaned_and_cut(client: FlaskClient, sent: str | None, kept: str | None) -> None:
    response = sign_in(client, device=sent)
    assert response.get_json()["session"]["device"] == kept
    assert len(response.headers.getlist("Set-Cookie")) == 1
    assert response.mimetype == "application/json"


@pytest.mark.usefixtures("alice")
def test_a_user_agent_is_cleaned_and_cut(client: FlaskClient) -> None:
    session = client.post("/auth/login", json=ALICE, headers={"User-Agent": "u\x1b[31m" * 200}).get_json()["session"]
    assert session["user_agent"] == ("u[31m" * 200)[:256]


@pytest.mark.usefixtures("alice")
def test_the_session_that_the_cookie_named_is_over(app: Flask, client: FlaskClient) -> None:
    old = sign_in(client).get_json()
    new = sign_in(client).get_json()
    assert_problem(client.get("/auth/me", headers=bearer(old["access_token"])), 401, "session_ended")
    assert client.get("/auth/me", headers=bearer(new["access_token"])).status_code == 200


@pytest.mark.usefixtures("alice")
def test_a_failed_sign_in_leaves_the_session_of_the_cookie_alone(client: FlaskClient) -> None:
    old = sign_in(client).get_json()
    client.post("/auth/login", json=INVALID)
    assert client.get("/auth/me", headers=bearer(old["access_token"])).status_code == 200
    assert client.post("/auth/refresh").status_code == 200


@pytest.mark.usefixtures("alice")
def test_a_planted_refresh_token_is_not_adopted(app: Flask, client: FlaskClient) -> None:
    planted = "s1.t1.k1..AAAA"
    client.set_cookie(COOKIE, planted)
    assert cookies(sign_in(client))[COOKIE].value != planted
    assert not [
        row for row in rows(app, "SELECT * FROM renewal_session") if {"s1", "t1"} & {str(value) for value in row}
    ]


@pytest.mark.usefixtures("alice")
def test_a_session_that_is_not_remembered_ends_with_the_browser_and_soon(client: FlaskClient) -> None:
    response = sign_in(client, remember=False)
    assert cookies(response)[COOKIE]["max-age"] is None
    assert cookies(response)[COOKIE]["expires"] is None
    assert response.get_json()["session"]["idle_expires_at"] == "2026-01-02T00:00:00Z"


@pytest.mark.usefixtures("alice")
def test_one_session_too_many_ends_the_longest_unused(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(name="few", RENEWAL_MAX_SESSIONS_PER_USER=2).test_client(use_cookies=False)
    client.post("/auth/register", json=ALICE)
    tokens = []
    for _ in range(3):
        clock.tick(seconds=1)
        tokens.append(sign_in(client).get_json()["access_token"])
    assert [client.get("/auth/me", headers=bearer(token)).status_code for token in tokens] == [401, 200, 200]


def test_sessions_of_others_do_not_count(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(RENEWAL_MAX_SESSIONS_PER_USER=1).test_client(use_cookies=False)
    alice = client.post("/auth/register", json=ALICE).get_json()
    client.post("/auth/register", json={**ALICE, "username": "bob"})
    assert client.get("/auth/me", headers=bearer(alice["access_token"])).status_code == 200


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/auth/refresh", "/auth/logout", "/auth/confirm"])
def test_another_method_is_refused_with_those_that_are_not(refusing: FlaskClient, path: str, method: str) -> None:
    response = getattr(refusing, method)(path)
    assert_problem(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_a_method_cannot_be_overridden(refusing: FlaskClient) -> None:
    headers = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    assert_problem(refusing.post("/auth/sessions", headers=headers), 405, "method_not_allowed")


def test_an_unknown_route_is_a_problem(refusing: FlaskClient) -> None:
    assert_problem(refusing.get("/auth/nothing"), 404, "not_found")
    assert_problem(refusing.get("/nothing"), 404, "not_found")


def test_expired_rows_leave_as_others_sign_in(app: Flask, clock: Clock) -> None:
    started = 24 * EVERY  # with fewer, chance could leave as many
    for _ in range(started):
        host_sign_in(app)
        clock.tick(days=8)
    assert len(rows(app, "SELECT id FROM renewal_session")) < started * 2 / 3
