"""What a proxy is told of somebody is read once a minute, and of whom there is not, never."""

import pytest
from conftest import Clock
from flask import Flask, redirect
from flask.testing import FlaskClient
from hosts import services_of
from pages_kit import NAVIGATION, register
from proving import Site
from statements import statements
from werkzeug.test import TestResponse

from flask_renewal.entrances.gateway import names


def asks(client: FlaskClient) -> TestResponse:
    return client.get("/auth/verify", headers={**NAVIGATION, "X-Forwarded-Uri": "/"})


@pytest.fixture
def alice(client: FlaskClient) -> FlaskClient:
    register(client)
    return client


def test_a_request_that_passes_asks_the_database_nothing_once_the_name_is_known(app: Flask, alice: FlaskClient) -> None:
    asks(alice)
    with statements(app) as sent:
        answer = asks(alice)
    assert (answer.status_code, answer.headers["X-Auth-Username"], sent) == (204, "alice", [])


def test_a_name_is_read_anew_after_a_minute_and_not_before(app: Flask, alice: FlaskClient, clock: Clock) -> None:
    asks(alice)
    for seconds, is_read in ((59, False), (1, True)):
        clock.tick(seconds=seconds)
        with statements(app) as sent:
            asks(alice)
        assert any("FROM renewal_user" in statement for statement in sent) is is_read


def test_a_clock_that_is_put_back_keeps_no_name_for_longer(app: Flask, alice: FlaskClient, clock: Clock) -> None:
    asks(alice)
    clock.tick(seconds=-5)
    with statements(app) as sent:
        asks(alice)
    assert len(sent) >= 1


def test_names_take_a_bounded_place(app: Flask, alice: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MOST", 1)
    asks(alice)
    other = app.test_client()
    register(other, "bob")
    assert [asks(client).headers["X-Auth-Username"] for client in (other, alice, other)] == ["bob", "alice", "bob"]
    for client, is_kept in ((other, True), (alice, False)):
        with statements(app) as sent:
            asks(client)
        assert (sent == []) is is_kept


def test_somebody_without_a_name_is_told_by_the_id_alone(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    told = asks(browser).headers
    assert (told["X-Auth-User"], "X-Auth-Username" in told) == ("7", False)


def test_somebody_whom_the_host_takes_back_is_signed_out(app: Flask, alice: FlaskClient, clock: Clock) -> None:
    assert asks(alice).status_code == 204
    services_of(app).functions.user_loader = lambda user_id: None
    clock.tick(seconds=names.KEPT_SECONDS)
    answer = asks(alice)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "session_ended")
