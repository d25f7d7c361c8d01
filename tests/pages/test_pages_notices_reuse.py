"""Why a sign-in is over is told in words; of a copy that was used, once more after the next sign-in."""

from collections.abc import Callable

import pytest
from answers import away
from conftest import Clock
from flask import Flask
from flask.testing import FlaskClient
from hosts import services_of
from pages_kit import is_signed_in, lay, register, sign_in, twin
from werkzeug.test import TestResponse

from flask_renewal.identity.sessions.causes import CAUSES, IDLE, LIFETIME
from flask_renewal.stores.sql import SQLStore

COPIED = "An earlier sign-in in this browser was used in two places and was ended."
TOLD = "/account?notice=reused"


def told(answer: TestResponse) -> str:
    return answer.text.partition('role="status">')[2].partition("<")[0].strip()


@pytest.fixture
def copied(client: FlaskClient, clock: Clock) -> FlaskClient:
    """Return a browser, signed out of everything but its cookies, of whose refresh token a copy was used."""
    register(client)
    copy = twin(client)
    for browser in (client, client, copy):
        clock.tick(minutes=20)
        browser.get("/account")
    lay(client, access_token=None)
    return client


@pytest.mark.parametrize("reason", [reason for reason in CAUSES if reason not in (IDLE, LIFETIME)])
def test_every_ending_is_told_in_words(app: Flask, client: FlaskClient, reason: str) -> None:
    register(client)
    lay(client, access_token=None)
    user = services_of(app).users.find_by_name("alice")
    assert user is not None
    services_of(app).sessions.end_all(user.id, reason=reason)
    answer = client.get("/account")
    assert answer.location.startswith("/login?next=/account&notice=over_")
    assert told(client.get(answer.location))


def test_who_was_told_at_the_sign_in_page_is_told_again_where_the_password_is_changed(copied: FlaskClient) -> None:
    page = copied.get(copied.get("/account").location)
    assert "used in two places" in told(page)
    assert 'name="reused"' in page.text
    wrong = sign_in(copied, password="a wrong password", reused="yes")
    assert 'name="reused"' in wrong.text
    answer = sign_in(copied, reused="yes")
    assert (answer.status_code, answer.location) == (303, TOLD)
    assert told(copied.get(TOLD)).startswith(COPIED)
    assert told(copied.get("/account")) == ""


def test_who_signs_in_at_a_page_that_was_open_is_told(copied: FlaskClient) -> None:
    answer = sign_in(copied)
    assert answer.location == TOLD
    assert is_signed_in(copied.get(TOLD))
    copied.post("/logout")
    assert sign_in(copied).location == "/account"


def test_who_was_going_elsewhere_goes_there(copied: FlaskClient) -> None:
    assert sign_in(copied, next="/diary").location == "/diary"


def test_a_sign_in_after_another_ending_says_nothing(client: FlaskClient, clock: Clock) -> None:
    register(client)
    clock.tick(days=8)
    assert sign_in(client).location == "/account"
    client.post("/logout")
    assert 'name="reused"' not in client.get("/login?notice=over_session_expired").text
    assert 'name="reused"' in client.get("/login?notice=over_reuse").text


def test_a_link_from_elsewhere_makes_nobody_be_told(client: FlaskClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert 'name="reused"' not in client.get("/login?notice=over_reuse", headers=elsewhere).text


def test_a_sign_in_with_a_cookie_of_a_session_that_is_forgotten_says_nothing(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    register(client)
    clock.tick(days=60)
    assert sum(services_of(app).sessions.purging.everything()) == 1
    assert sign_in(client).location == "/account"


def test_a_sign_in_without_a_cookie_reads_no_session(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(client)
    monkeypatch.setattr(SQLStore, "find", away)
    assert sign_in(app.test_client()).location == "/account"


@pytest.mark.parametrize("page", ["/enter", "/enter?a=b", "https://accounts.example.com/enter"])
def test_a_sign_in_page_of_the_hosts_is_told_why(make_app: Callable[..., Flask], clock: Clock, page: str) -> None:
    client = make_app(RENEWAL_LOGIN_URL=page).test_client()
    register(client)
    clock.tick(days=8)
    location = client.get("/account").location
    assert location.startswith(page)
    assert location.endswith("/account&reason=session_expired")


def test_a_script_gets_the_address_that_tells_why(copied: FlaskClient) -> None:
    answer = copied.get("/account", headers={"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert "used in two places" in told(copied.get(answer.headers["X-Login-Location"]))
