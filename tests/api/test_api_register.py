"""Registering."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from answers import COOKIE, assert_problem, cookies, rows
from conftest import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from forging import claims_of
from hosts import services_of

from flask_renewal import create_app

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application that stays as it is, for it is sent nothing that it takes."""
    return create_app(instance_path=tmp_path_factory.mktemp("login") / "instance").test_client()


def test_registering_answers_with_tokens(client: FlaskClient) -> None:
    response = client.post("/auth/register", json={**ALICE, "device": "Work laptop"})
    body = response.get_json()
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert body["user"] == {"id": claims_of(body["access_token"])["sub"], "username": "alice"}
    assert set(body) == {"access_token", "token_type", "expires_in", "session", "user"}


def test_it_tells_the_user_as_the_host_has_stored_it(app: Flask, client: FlaskClient) -> None:
    accounts = services_of(app).accounts
    found = accounts.users.find
    accounts.users.find = lambda user_id: replace(found(user_id), username="Alice")  # type: ignore[method-assign]
    assert client.post("/auth/register", json=ALICE).get_json()["user"]["username"] == "Alice"


def test_the_session_of_a_token_response_is_told_in_full(client: FlaskClient) -> None:
    content, headers = {**ALICE, "device": "Work laptop"}, {"User-Agent": "Mozilla/5.0 (a test)"}
    session = client.post("/auth/register", json=content, headers=headers).get_json()["session"]
    assert session.pop("id")
    assert session == {
        "device": "Work laptop",
        "user_agent": "Mozilla/5.0 (a test)",
        "created_at": "2026-01-01T12:00:00Z",
        "last_used_at": "2026-01-01T12:00:00Z",
        "idle_expires_at": "2026-01-08T12:00:00Z",
        "expires_at": "2026-01-31T12:00:00Z",
        "current": True,
    }


def test_a_name_is_kept_as_typed(client: FlaskClient) -> None:
    response = client.post("/auth/register", json={**ALICE, "username": "\uff21lice Straße"})
    assert response.get_json()["user"]["username"] == "\uff21lice Straße"
    assert client.post("/auth/login", json={**ALICE, "username": "alice STRASSE"}).status_code == 200


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 11, "alice-the-12th", "password1234", "aaaaaaaaaaaa", "ÄLICE-THE-12TH".replace("Ä", "A")],
    ids=["short", "11 characters", "the user name", "a common one", "one letter", "the user name in capitals"],
)
def test_a_weak_password_is_refused(refusing: FlaskClient, password: str) -> None:
    response = refusing.post("/auth/register", json={"username": "alice-the-12th", "password": password})
    assert_problem(response, 422, "weak_password")
    assert rows(refusing.application, "SELECT * FROM renewal_user") == []


@pytest.mark.parametrize("password", ["aaaa bbbb cc", "ä" * 6 + "öüäöüä", "正しい馬電池ホチキスだよね"])
def test_no_rules_of_composition(client: FlaskClient, password: str) -> None:
    assert client.post("/auth/register", json={**ALICE, "password": password}).status_code == 201


def test_a_password_of_1024_bytes_is_taken_whole(client: FlaskClient) -> None:
    longest = "0123456789abcdef" * 64
    assert client.post("/auth/register", json={**ALICE, "password": longest}).status_code == 201
    assert client.post("/auth/login", json={**ALICE, "password": longest}).status_code == 200
    assert_problem(client.post("/auth/login", json={**ALICE, "password": longest[:-1]}), 401, "invalid_credentials")
    for path in ("/auth/login", "/auth/register"):
        response = client.post(path, json={"username": "bob", "password": longest + "0"})
        assert assert_problem(response, 422, "invalid_request")["field"] == "password"


def test_a_password_is_normalised(client: FlaskClient) -> None:
    composed, decomposed = "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e", "cafe\u0301 cre\u0300me bru\u0302le\u0301e"
    assert client.post("/auth/register", json={**ALICE, "password": composed}).status_code == 201
    assert client.post("/auth/login", json={**ALICE, "password": decomposed}).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["a" * 151, "ß" * 76, " alice", "alice\u3000", "a\u200blice", "ali\u202ece", "a\nb", "a\x7fb", "a\x00b", "\u00a0"],
    ids=ascii,
)
def test_a_name_that_could_mislead_is_refused(refusing: FlaskClient, name: str) -> None:
    response = refusing.post("/auth/register", json={**ALICE, "username": name})
    assert assert_problem(response, 422, "invalid_request")["field"] == "username"
    assert rows(refusing.application, "SELECT * FROM renewal_user") == []


def test_registration_can_be_closed(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_REGISTRATION=False)
    assert_problem(app.test_client().post("/auth/register", json=ALICE), 403, "registration_closed")
    assert rows(app, "SELECT * FROM renewal_user") == []


def test_a_fresh_installation_has_no_account(app: Flask) -> None:
    assert rows(app, "SELECT * FROM renewal_user") == []


def test_a_database_holds_no_refresh_token_and_no_password(app: Flask, client: FlaskClient) -> None:
    response = client.post("/auth/register", json=ALICE)
    token = cookies(response)[COOKIE].value
    stored = str(rows(app, "SELECT * FROM renewal_session") + rows(app, "SELECT * FROM renewal_user"))
    assert PASSWORD not in stored
    assert token not in stored
    assert token.rpartition(".")[2] not in stored


def test_the_longest_refresh_cookie_is_one_that_browsers_keep(client: FlaskClient) -> None:
    response = client.post("/auth/register", json={**ALICE, "device_id": "x" * 256})
    assert len(f"{COOKIE}={cookies(response)[COOKIE].value}") < 300
