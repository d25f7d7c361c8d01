"""No token is handed out that the guard would refuse for its size, and no cookie that a browser would drop."""

from collections.abc import Callable
from pathlib import Path

import pytest
from answers import assert_problem, cookies
from conftest import PASSWORD, bearer
from cookie_names import ACCESS, TOKENS
from flask import Flask, jsonify
from flask.testing import FlaskClient
from flask_jwt_extended import JWTManager, get_jwt
from hosts import make_host, services_of
from pages_kit import held, lay, register, set_names, sign_in

from flask_renewal import install_pages, page_required
from flask_renewal.testing import Clock

ALICE = {"username": "alice", "password": PASSWORD}
LIMIT = 4096
FITS, TOO_LARGE_FOR_A_COOKIE, TOO_LARGE = 2000, 3000, 6000
"""Bytes of claims."""

Sized = Callable[[int], FlaskClient]


@pytest.fixture
def sized(tmp_path: Path, clock: Clock) -> Sized:
    """Return a function that makes a host whose claims have that many bytes, and returns a browser."""

    def make(size: int) -> FlaskClient:
        def add_claims(app: Flask) -> None:
            JWTManager(app).additional_claims_loader(lambda identity: {"groups": "g" * size})

        app = make_host(tmp_path, clock, prepare=add_claims)
        install_pages(app)
        app.add_url_rule("/diary", "diary", page_required(lambda: jsonify(get_jwt())))
        return app.test_client()

    return make


@pytest.fixture
def slim(sized: Sized) -> FlaskClient:
    """Return a browser whose access cookie has no claims of the host's, because they are too large."""
    client = sized(TOO_LARGE_FOR_A_COOKIE)
    register(client)
    lay(client, refresh_token=None)
    return client


def test_a_token_that_the_guard_would_refuse_is_not_handed_out(sized: Sized, caplog: pytest.LogCaptureFixture) -> None:
    client = sized(TOO_LARGE)
    assert_problem(client.post("/auth/register", json=ALICE), 500, "token_too_large")
    [told] = [record for record in caplog.records if "8192" in record.message]
    assert (told.levelname, "additional_claims_loader" in told.message) == ("ERROR", True)


def test_no_session_is_left_of_it(sized: Sized) -> None:
    client = sized(TOO_LARGE)
    client.post("/auth/register", json=ALICE)
    services = services_of(client.application)
    with client.application.app_context():
        account = services.users.find_by_name("alice")
        assert account is None or services.sessions.list(account.id) == []


def test_the_sign_in_page_does_not_hand_it_out_either(sized: Sized) -> None:
    answer = register(sized(TOO_LARGE))
    assert (answer.status_code, answer.mimetype, "Set-Cookie" in answer.headers) == (500, "text/html", False)


def test_the_largest_that_is_handed_out_is_let_in(sized: Sized) -> None:
    client = sized(5600)
    token = client.post("/auth/register", json=ALICE).get_json()["access_token"]
    assert 8000 < len(token) <= 8192
    assert client.get("/auth/me", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("size", [FITS, TOO_LARGE_FOR_A_COOKIE])
def test_no_cookie_is_larger_than_browsers_keep_and_pages_go_on_by_it(
    sized: Sized, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    client = sized(size)
    answer = register(client)
    assert set_names(answer) == TOKENS
    assert max(map(len, answer.headers.getlist("Set-Cookie"))) <= LIMIT
    lay(client, refresh_token=None)
    assert len(client.get("/diary").get_json()["groups"]) == size
    assert ("4,096" in caplog.text) is (size != FITS)


def test_a_cookie_that_would_be_too_large_is_told_once(sized: Sized, caplog: pytest.LogCaptureFixture) -> None:
    client = sized(TOO_LARGE_FOR_A_COOKIE)
    register(client)
    sign_in(client)
    [told] = [record.message for record in caplog.records if "4,096" in record.message]
    assert f"access cookie {ACCESS} " in told


def test_without_claims_that_may_restrict_it_lets_nobody_in_elsewhere(slim: FlaskClient) -> None:
    for _ in range(2):
        assert slim.get("/diary").status_code == 200
        assert_problem(slim.get("/auth/me", headers=bearer(held(slim, ACCESS) or "")), 401, "token_invalid")


def test_it_expires_as_others_do(slim: FlaskClient, clock: Clock) -> None:
    clock.tick(minutes=16)
    assert slim.get("/diary").status_code == 303


def test_signing_out_by_it_ends_its_session_and_deletes_it(slim: FlaskClient) -> None:
    assert ACCESS in cookies(slim.post("/logout"))
    assert slim.get("/diary").status_code == 303
