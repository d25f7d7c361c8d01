"""The account page: the sessions, and the password."""

import re

import pytest
from answers import rows, session_count
from conftest import PASSWORD, Clock
from cookie_names import TOKENS
from flask import Flask
from flask.testing import FlaskClient
from pages_kit import EVIL_FORM, held, is_signed_in, leads_to_sign_in, register, set_names, sign_in
from sqlalchemy import text
from werkzeug.test import TestResponse

from flask_renewal.standalone.models import db

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Mobile/15E148 Safari/604.1"
)
NEW = "another horse, another battery"
SENSITIVE = ["/account/sessions/end-others", "/account/sessions/{id}/end"]


@pytest.fixture
def phone(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return a second browser of alice, who is signed in with `client` too."""
    register(client)
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = IPHONE
    sign_in(phone)
    return phone


def session_id(client: FlaskClient) -> str:
    return (held(client, "refresh_token") or "").partition(".")[0]


def test_a_device_gets_a_name_and_loses_it_again(client: FlaskClient, phone: FlaskClient) -> None:
    renaming = f"/account/sessions/{session_id(phone)}/name"
    answer = client.post(renaming, data={"device": " My\u202e phone "})
    assert answer.location == "/account?notice=renamed"
    assert "My phone" in client.get("/account").text
    client.post(renaming, data={"device": ""})
    assert "My phone" not in client.get("/account").text


def test_naming_a_device_asks_for_no_password(client: FlaskClient, phone: FlaskClient, clock: Clock) -> None:
    clock.tick(hours=1)
    assert client.post(f"/account/sessions/{session_id(phone)}/name", data={"device": "Phone"}).status_code == 303


def test_ending_one_session_leaves_the_others(client: FlaskClient, phone: FlaskClient) -> None:
    answer = client.post(f"/account/sessions/{session_id(phone)}/end")
    assert (answer.status_code, answer.location) == (303, "/account?notice=ended")
    assert leads_to_sign_in(phone.get("/account"))
    assert is_signed_in(client.get("/account"))


def test_ending_this_session_is_signing_out(client: FlaskClient, phone: FlaskClient) -> None:
    assert leads_to_sign_in(client.post(f"/account/sessions/{session_id(client)}/end"))
    assert not any(held(client, name) for name in TOKENS)
    assert is_signed_in(phone.get("/account"))


def test_ending_all_others_says_how_many(client: FlaskClient, phone: FlaskClient) -> None:
    sign_in(client.application.test_client())
    page = client.post("/account/sessions/end-others", follow_redirects=True)
    assert "2 other devices were signed out." in page.text
    assert leads_to_sign_in(phone.get("/account"))


@pytest.mark.parametrize("action", ["end", "name"])
@pytest.mark.parametrize("whose", ["bob's", "nobody's", "2^70"])
def test_somebody_elses_session_answers_like_an_unknown_one(
    app: Flask, client: FlaskClient, action: str, whose: str
) -> None:
    register(client)
    bob = app.test_client()
    register(bob, "bob")
    asked = {"bob's": session_id(bob), "nobody's": "A" * 22, "2^70": str(2**70)}[whose]
    answer = client.post(f"/account/sessions/{asked}/{action}", data={"device": "mine"})
    assert answer.status_code == 404
    assert "That device is not signed in any more." in answer.text
    assert is_signed_in(bob.get("/account"))


def test_nobody_is_asked_for_a_password_to_end_somebody_elses_session(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    register(client)
    bob = app.test_client()
    register(bob, "bob")
    clock.tick(minutes=11)
    assert client.post(f"/account/sessions/{session_id(bob)}/end").status_code == 404


@pytest.mark.parametrize("path", SENSITIVE)
def test_ending_sessions_asks_for_the_password_after_10_minutes(
    client: FlaskClient, phone: FlaskClient, clock: Clock, path: str
) -> None:
    clock.tick(minutes=10, seconds=1)
    path = path.format(id=session_id(phone))
    asked = client.post(path)
    assert asked.status_code == 401
    assert f'action="{path}"' in asked.text
    assert is_signed_in(phone.get("/account"))
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert leads_to_sign_in(phone.get("/account"))


def test_who_is_asked_for_the_password_is_told_what_for(client: FlaskClient, phone: FlaskClient, clock: Clock) -> None:
    sign_in(client.application.test_client())
    clock.tick(minutes=11)
    one = client.post(f"/account/sessions/{session_id(phone)}/end").text
    assert '<button class="renewal-primary" type="submit">Sign out Safari on iOS</button>' in one
    client.post(f"/account/sessions/{session_id(phone)}/name", data={"device": "My phone"})
    named = client.post(f"/account/sessions/{session_id(phone)}/end").text
    assert '<button class="renewal-primary" type="submit">Sign out My phone</button>' in named
    all_others = client.post("/account/sessions/end-others").text
    assert '<button class="renewal-primary" type="submit">Sign out 2 other devices</button>' in all_others


@pytest.mark.parametrize("looking", ["show", "hide"])
def test_looking_at_a_password_ends_nothing(
    client: FlaskClient, phone: FlaskClient, clock: Clock, looking: str
) -> None:
    clock.tick(minutes=11)
    page = client.post("/account/sessions/end-others", data={"password": PASSWORD, looking: "password"})
    assert page.status_code == 401
    assert PASSWORD in page.text
    assert is_signed_in(phone.get("/account"))


@pytest.mark.parametrize("looking", ["show", "hide"])
def test_looking_at_a_new_password_changes_nothing(client: FlaskClient, phone: FlaskClient, looking: str) -> None:
    typed = {"current_password": PASSWORD, "new_password": NEW, looking: "new_password"}
    page = client.post("/account/password", data=typed).text
    assert (PASSWORD in page, NEW in page) == (True, True)
    assert is_signed_in(phone.get("/account"))


@pytest.mark.parametrize("path", SENSITIVE)
def test_a_wrong_password_ends_no_session(client: FlaskClient, phone: FlaskClient, clock: Clock, path: str) -> None:
    clock.tick(minutes=11)
    refused = client.post(path.format(id=session_id(phone)), data={"password": "a wrong password"})
    assert refused.status_code == 401
    assert "This is not your password." in refused.text
    assert is_signed_in(phone.get("/account"))


def test_a_password_proved_again_counts_for_10_minutes(client: FlaskClient, phone: FlaskClient, clock: Clock) -> None:
    clock.tick(minutes=11)
    proved = client.post("/account/sessions/end-others", data={"password": PASSWORD})
    assert set_names(proved) == {"access_token"}
    clock.tick(minutes=9)
    assert client.post("/account/sessions/end-others").status_code == 303


def test_a_renewal_is_no_proof(client: FlaskClient, phone: FlaskClient, clock: Clock) -> None:
    clock.tick(minutes=16)
    assert set_names(client.get("/account")) == TOKENS
    assert client.post("/account/sessions/end-others").status_code == 401


def test_guessing_the_password_of_a_session_is_limited(client: FlaskClient, phone: FlaskClient, clock: Clock) -> None:
    clock.tick(minutes=11)
    guesses = [client.post("/account/sessions/end-others", data={"password": f"guess {n}"}) for n in range(11)]
    assert guesses[-1].status_code == 429
    assert "Retry-After" in guesses[-1].headers


def change(client: FlaskClient, current: str, new: str) -> TestResponse:
    return client.post("/account/password", data={"current_password": current, "new_password": new})


def test_changing_the_password_ends_the_other_sessions_and_says_how_many(
    client: FlaskClient, phone: FlaskClient, clock: Clock
) -> None:
    clock.tick(minutes=16)
    answer = change(client, PASSWORD, NEW)
    assert (answer.status_code, answer.location) == (303, "/account?notice=password_changed&n=1")
    assert "Your password is changed. 1 other device was signed out." in client.get(answer.location).text
    assert leads_to_sign_in(phone.get("/account"))
    assert (sign_in(phone).status_code, sign_in(phone, password=NEW).status_code) == (401, 303)


WRONG = {
    "a wrong current password": ("a wrong password", NEW, 401, "current_password", "This is not your password."),
    "no current password": ("", NEW, 422, "current_password", "Please type a password."),
    "a weak new password": (PASSWORD, "short", 422, "new_password", "too short"),
    "the user name": (PASSWORD, "alice", 422, "new_password", "too short"),
    "an endless current password": ("x" * 2000, NEW, 422, "current_password", "up to 1,024 bytes"),
    "no new password": (PASSWORD, "", 422, "new_password", "Please type a password."),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_password_is_not_changed_and_the_field_says_why(
    app: Flask, client: FlaskClient, phone: FlaskClient, case: tuple[str, str, int, str, str]
) -> None:
    current, new, status, field, sentence = case
    before = rows(app, "SELECT password_hash FROM renewal_user")
    page = change(client, current, new)
    assert page.status_code == status
    assert sentence in page.text.partition(f'id="{field}-fault">')[2].partition("<")[0]
    assert rows(app, "SELECT password_hash FROM renewal_user") == before
    assert session_count(app) == 2


@pytest.mark.parametrize("path", [*SENSITIVE, "/account/password", "/account/sessions/{id}/name"])
def test_forms_of_the_account_need_a_visitor(client: FlaskClient, phone: FlaskClient, path: str) -> None:
    stranger = client.application.test_client()
    answer = stranger.post(path.format(id=session_id(phone)))
    assert (answer.status_code, answer.location) == (303, "/login")


@pytest.mark.parametrize("path", [*SENSITIVE, "/account/password", "/account/sessions/{id}/name"])
def test_forms_of_the_account_from_another_site_are_refused(
    app: Flask, client: FlaskClient, phone: FlaskClient, path: str
) -> None:
    assert client.post(path.format(id=session_id(phone)), headers=EVIL_FORM).status_code == 403
    assert session_count(app) == 2


def test_whose_account_is_gone_without_a_word_is_told_to_be_signed_out(app: Flask, client: FlaskClient) -> None:
    register(client)
    with app.app_context():
        db.session.execute(text("DELETE FROM renewal_user"))
        db.session.commit()
    answer = client.get("/account")
    assert (answer.status_code, "You are not signed in any more." in answer.text) == (401, True)


def test_the_account_page_offers_to_sign_out(client: FlaskClient) -> None:
    register(client)
    assert re.search(r'<form method="post" action="/logout">\s*<button', client.get("/account").text)


@pytest.mark.parametrize("site", ["cross-site", "none"])
def test_a_link_from_elsewhere_cannot_make_the_page_claim_something(client: FlaskClient, site: str) -> None:
    register(client)
    link = "/account?notice=password_changed&n=7"
    assert "is changed" not in client.get(link, headers={"Sec-Fetch-Site": site}).text
    assert "is changed" in client.get(link, headers={"Sec-Fetch-Site": "same-origin"}).text
