"""The kit's client signs in and renews; nothing of one person reaches another."""

from pathlib import Path
from typing import Any

import pytest
from conftest import PASSWORD
from flask import Flask, g, jsonify, session
from flask_jwt_extended import current_user

from flask_renewal import access_required, create_app
from flask_renewal.testing import Clock, RenewalClient


@pytest.fixture
def renewal_app(renewal_app: Flask) -> Flask:
    renewal_app.test_client_class = RenewalClient
    renewal_app.add_url_rule("/whoami", "/whoami", view_func=access_required()(lambda: jsonify(current_user.username)))
    return renewal_app


def test_a_direct_login_adds_the_user_and_signs_in(renewal_client: RenewalClient) -> None:
    renewal_client.login("Alice")
    assert renewal_client.get("/whoami").json == "Alice"
    renewal_client.assert_signed_in("Alice")


def test_a_direct_login_hashes_no_password(renewal_client: RenewalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flask_renewal.identity.users.passwords.Passwords.hash", None)
    monkeypatch.setattr("flask_renewal.identity.users.passwords.Passwords.verify", None)
    renewal_client.login("alice").assert_signed_in()


def test_nobody_has_the_password_of_a_user_whom_the_kit_added(renewal_client: RenewalClient) -> None:
    renewal_client.login("alice").logout()
    with pytest.raises(AssertionError, match="alice could not sign in: 401"):
        renewal_client.login("alice", "!no password")


def test_a_login_with_a_password_takes_the_real_road(renewal_client: RenewalClient) -> None:
    renewal_client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    renewal_client.logout()
    renewal_client.login("alice", PASSWORD, device="Phone")
    assert renewal_client.get("/auth/me").json["session"]["device"] == "Phone"


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["by name", "by password"])
def test_below_a_root_the_client_does_as_elsewhere(renewal_app: Flask, password: str | None) -> None:
    renewal_app.config["APPLICATION_ROOT"] = "/app"
    client = RenewalClient(renewal_app)
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    client.login("alice", password).clock.tick(minutes=16)
    assert client.fetch("/whoami").json == "alice"
    client.logout()
    assert client.access_token is None


def test_the_test_client_class_of_an_application_can_be_the_kits(renewal_app: Flask) -> None:
    client = renewal_app.test_client(page="https://app.example.com", base_url="https://api.example.com")
    assert isinstance(client, RenewalClient)
    assert client.page == "https://app.example.com"


def test_time_moves_when_it_is_told_to(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    renewal_clock.tick(minutes=16)
    assert renewal_client.get("/whoami").json["code"] == "token_expired"
    assert renewal_client.fetch("/whoami").json == "alice"


def test_the_clock_of_an_application_is_one(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    assert renewal_client.clock is renewal_clock
    before = renewal_clock()
    renewal_clock.tick(days=1, hours=-24)
    assert renewal_clock() == before
    assert str(before.year) in repr(renewal_clock)


def test_the_renewal_header_is_followed(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    first = renewal_client.access_token
    renewal_clock.tick(minutes=12)
    renewal_client.get("/whoami")
    assert renewal_client.access_token not in (None, first)
    renewal_clock.tick(minutes=12)
    assert renewal_client.get("/whoami").status_code == 200


def test_a_renewed_token_of_another_session_is_dropped(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    own = renewal_client.login("alice").access_token
    other = renewal_client.second_device().access_token
    renewal_clock.tick(minutes=12)
    late = renewal_client.get("/whoami", headers={"Authorization": f"Bearer {other}"})
    assert "X-Renewed-Access-Token" in late.headers
    assert renewal_client.access_token == own


def test_signing_in_again_ends_the_session_of_before(renewal_client: RenewalClient) -> None:
    before = renewal_client.login("alice").steal()
    renewal_client.login("bob")
    before.assert_ended("session_ended")
    renewal_client.assert_signed_in("bob")


def test_nobody_signs_in_to_a_disabled_account(renewal_client: RenewalClient) -> None:
    renewal_client.login("alice")
    renewal_client.application.extensions["flask-renewal"].accounts.disable("alice")
    with pytest.raises(AssertionError, match="alice cannot sign in: the account is disabled"):
        renewal_client.login("alice")


def test_a_header_that_is_no_token_is_not_followed(renewal_app: Flask, renewal_client: RenewalClient) -> None:
    renewal_app.add_url_rule("/odd", "/odd", view_func=lambda: ("", {"X-Renewed-Access-Token": "odd"}))
    token = renewal_client.login("alice").access_token
    renewal_client.get("/odd")
    assert renewal_client.access_token == token


def test_tabs_that_race_stay_signed_in(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    renewal_clock.tick(minutes=16)
    answers = renewal_client.race(5)
    assert [answer.status_code for answer in answers] == [200] * 5
    assert sum("Set-Cookie" in answer.headers for answer in answers) == 1
    renewal_clock.tick(minutes=2)
    renewal_client.assert_signed_in()
    assert renewal_client.get("/whoami").json == "alice"


def test_any_request_can_race(renewal_client: RenewalClient) -> None:
    renewal_client.login("alice")
    assert {answer.json for answer in renewal_client.race(3, "/whoami", method="GET")} == {"alice"}


def test_a_second_tab_shares_the_cookies_and_not_the_token(renewal_client: RenewalClient) -> None:
    tab = renewal_client.login("alice").second_tab()
    assert tab.access_token is None
    assert tab.fetch("/whoami").json == "alice"
    renewal_client.logout()
    tab.assert_ended("session_ended")


def test_a_second_device_shares_nothing(renewal_client: RenewalClient) -> None:
    phone = renewal_client.login("alice").second_device(device="Phone")
    assert len(phone.get("/auth/sessions").json["sessions"]) == 2
    renewal_client.logout()
    phone.assert_signed_in("alice")


def test_a_thief_and_the_owner_do_not_both_go_on(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    thief = renewal_client.login("alice").steal()
    assert thief.get("/whoami").json == "alice"
    renewal_client.refresh()
    renewal_clock.tick(minutes=2)
    renewal_client.refresh()
    renewal_clock.tick(minutes=2)
    assert thief.refresh().json["code"] == "refresh_token_reused"
    thief.assert_ended("refresh_token_reused")
    renewal_client.assert_ended("refresh_token_reused")


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["by name", "by password"])
def test_closing_the_browser_ends_a_session_that_is_not_remembered(
    renewal_client: RenewalClient, password: str | None
) -> None:
    renewal_client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    renewal_client.login("alice", password, remember=False).restart()
    renewal_client.assert_ended("refresh_token_missing")
    renewal_client.login("alice").restart()
    renewal_client.assert_signed_in()


def test_one_users_client_never_leaks_into_anothers(renewal_app: Flask) -> None:
    alice, bob = (renewal_app.test_client().login(name) for name in ("alice", "bob"))
    assert (alice.get("/whoami").json, bob.get("/whoami").json) == ("alice", "bob")
    alice.logout()
    bob.assert_signed_in("bob")


def test_an_open_application_context_carries_nobody_over(renewal_app: Flask) -> None:
    def leak() -> Any:
        return jsonify(g.setdefault("first", len(g.__dict__)))

    renewal_app.add_url_rule("/leak", "/leak", view_func=leak)
    with renewal_app.app_context():
        g.mine = "the test's own"
        assert [renewal_app.test_client().get("/leak").json for _ in range(2)] == [0, 0]
        alice, nobody = renewal_app.test_client().login("alice"), renewal_app.test_client()
        assert alice.get("/whoami").json == "alice"
        assert nobody.get("/whoami").json["code"] == "token_missing"
        assert g.mine == "the test's own"


def test_flasks_with_block_still_keeps_the_request(renewal_app: Flask) -> None:
    client = renewal_app.test_client()
    with client:
        client.login("alice").get("/whoami")
        assert current_user.username == "alice"


def test_flasks_session_transaction_still_works(renewal_app: Flask) -> None:
    renewal_app.secret_key = "only for this test"
    renewal_app.add_url_rule("/color", "/color", view_func=lambda: jsonify(session.get("color")))
    client = renewal_app.test_client()
    with client.session_transaction() as held:
        held["color"] = "blue"
    assert client.get("/color").json == "blue"


def test_flasks_cookie_methods_still_work(renewal_client: RenewalClient) -> None:
    renewal_client.set_cookie("a", "1")
    cookie = renewal_client.get_cookie("a")
    assert cookie is not None
    assert cookie.value == "1"
    renewal_client.delete_cookie("a")
    assert renewal_client.get_cookie("a") is None


def test_an_application_without_the_extension_is_told_so() -> None:
    with pytest.raises(LookupError, match="no Flask-Renewal"):
        RenewalClient(Flask("bare")).login("alice")


def test_pages_are_visited_and_forms_submitted(renewal_client: RenewalClient) -> None:
    renewal_client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    renewal_client.logout()
    assert renewal_client.visit("/account").request.path == "/login"
    signed_in = renewal_client.submit("/login", {"username": "alice", "password": PASSWORD})
    assert signed_in.request.path == "/account"
    assert "alice" in signed_in.text


def test_a_direct_login_opens_the_pages_too(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    assert renewal_client.visit("/account").request.path == "/account"
    renewal_clock.tick(hours=8)
    assert renewal_client.visit("/account").request.path == "/account"


def test_a_database_in_memory_serves_and_races(tmp_path: Path) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"}, instance_path=tmp_path)
    client = RenewalClient(app).login("alice")
    assert [answer.status_code for answer in client.race(4)] == [200] * 4
