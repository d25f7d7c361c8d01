"""The forms to sign in, to register and to sign out."""

import re

import pytest
from answers import cookies, is_cleared, rows, session_count
from conftest import PASSWORD, Clock
from cookie_names import TOKENS, called
from flask import Flask
from flask.testing import FlaskClient
from pages_kit import held, is_signed_in, lay, leads_to_sign_in, register, set_names, sign_in

FORMS = ["/login", "/register"]
HTTPS = "https://pages.example.com"


@pytest.mark.parametrize("path", FORMS)
def test_looking_at_a_form_sets_no_cookie(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers


def test_what_stands_in_the_address_is_not_filled_in(client: FlaskClient) -> None:
    page = client.get("/login?username=mallory&password=planted")
    assert "mallory" not in page.text
    assert "planted" not in page.text


@pytest.mark.parametrize("path", FORMS)
def test_fields_say_to_password_managers_what_they_are(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert 'autocomplete="username"' in page
    assert f'autocomplete="{"current" if path == "/login" else "new"}-password"' in page
    assert 'type="password"' in page


@pytest.mark.parametrize("path", FORMS)
def test_a_password_is_shown_and_hidden_again_without_a_script(app: Flask, client: FlaskClient, path: str) -> None:
    typed = {"username": "bob", "password": PASSWORD, "next": "/diary"}
    shown = client.post(path, data={**typed, "show": "password"})
    assert shown.status_code == 200
    assert re.search(rf'<input id="password" name="password" type="text" value="{PASSWORD}"', shown.text)
    assert 'name="username" type="text" value="bob"' in shown.text
    assert 'name="next" value="/diary"' in shown.text
    assert " checked" not in shown.text
    hidden = client.post(path, data={**typed, "hide": "password", "remember": "yes"}).text
    assert re.search(rf'<input id="password" name="password" type="password" value="{PASSWORD}"', hidden)
    assert " checked" in hidden
    assert session_count(app) == 0


@pytest.mark.parametrize("path", FORMS)
def test_enter_sends_the_form_and_shows_no_password(client: FlaskClient, path: str) -> None:
    first = re.search(r"<button[^>]*>", client.get(path).text)
    assert first is not None
    assert "name=" not in first[0]


def test_registering_signs_in(client: FlaskClient) -> None:
    answer = register(client)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert is_signed_in(client.get("/account"))


def test_both_tokens_are_cookies_that_no_script_reads(client: FlaskClient) -> None:
    set_cookies = cookies(register(client))
    assert set(set_cookies) == TOKENS
    assert all("httponly" in cookie.attributes for cookie in set_cookies.values())
    assert all((cookie["path"], cookie["samesite"]) == ("/", "Lax") for cookie in set_cookies.values())


def test_over_https_both_cookies_have_the_host_prefix(client: FlaskClient) -> None:
    answer = client.post("/register", base_url=HTTPS, data={"username": "alice", "password": PASSWORD})
    assert set(cookies(answer)) == {called(name, HTTPS) for name in TOKENS}
    assert all("secure" in cookie.attributes and not cookie["domain"] for cookie in cookies(answer).values())


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_a_cookie_is_read_only_under_the_name_that_would_be_set(client: FlaskClient, name: str) -> None:
    register(client)
    value = held(client, name)
    thief = client.application.test_client()
    thief.set_cookie(name, value or "", domain="pages.example.com", secure=True)
    assert leads_to_sign_in(thief.get("/account", base_url=HTTPS))


def test_a_wrong_password_and_an_unknown_user_are_told_the_same(client: FlaskClient) -> None:
    register(client)
    client.post("/logout")
    pages = [sign_in(client, name, "a wrong password").text.replace(name, "NAME") for name in ("alice", "nobody")]
    assert pages[0].partition(" nonce=")[0] == pages[1].partition(" nonce=")[0]


def test_signing_in_ends_the_session_whose_cookie_is_replaced(app: Flask, client: FlaskClient) -> None:
    register(client)
    old = held(client, "refresh_token")
    sign_in(client)
    assert held(client, "refresh_token") != old
    assert session_count(app) == 1


def test_who_is_signed_in_needs_no_form(client: FlaskClient) -> None:
    register(client)
    assert [client.get(path).location for path in FORMS] == ["/account", "/account"]


def test_there_is_no_register_page_where_registration_is_closed(make_app) -> None:
    client = make_app(RENEWAL_REGISTRATION=False).test_client()
    assert client.get("/register").status_code == register(client).status_code == 404
    assert "/register" not in client.get("/login").text


def test_where_registration_is_open_the_sign_in_page_leads_there(client: FlaskClient) -> None:
    assert 'href="/register' in client.get("/login").text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_keeps_where_the_visitor_was_going(client: FlaskClient, path: str) -> None:
    assert 'name="next" value="/diary"' in client.get(f"{path}?next=/diary").text
    register(client)
    assert client.get(f"{path}?next=/diary").location == "/diary"


@pytest.mark.parametrize(("ticked", "lasting"), [({"remember": "yes"}, True), ({}, False)], ids=["ticked", "unticked"])
def test_unless_remember_me_is_ticked_cookies_end_with_the_browser(
    client: FlaskClient, ticked: dict[str, str], lasting: bool
) -> None:
    register(client)
    client.post("/logout")
    answer = sign_in(client, **ticked)
    assert all((cookie["max-age"] is not None) == lasting for cookie in cookies(answer).values())
    assert set_names(answer) == TOKENS


def test_without_remember_me_a_session_is_over_after_12_idle_hours(client: FlaskClient, clock: Clock) -> None:
    register(client)
    sign_in(client)
    clock.tick(hours=11, minutes=59)
    renewed = client.get("/account")
    assert is_signed_in(renewed)
    assert all(cookie["max-age"] is None for cookie in cookies(renewed).values())
    clock.tick(hours=12)
    assert leads_to_sign_in(client.get("/account"))


def test_signing_out_ends_the_session_and_deletes_both_cookies(app: Flask, client: FlaskClient) -> None:
    register(client)
    answer = client.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login?notice=signed_out")
    assert all(is_cleared(answer, name) for name in TOKENS)
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert rows(app, "SELECT ended_reason FROM renewal_session") == [("logout",)]


def test_signing_out_leaves_cookies_alone_that_another_application_signed(client: FlaskClient) -> None:
    lay(client, refresh_token="garbage", access_token="garbage")
    answer = client.post("/logout")
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", sorted(TOKENS))
@pytest.mark.parametrize("order", ["{ours}; {name}=planted", "{name}=planted; {ours}"])
def test_signing_out_ends_what_is_ours_of_two_cookies(app: Flask, client: FlaskClient, name: str, order: str) -> None:
    register(client)
    other = app.test_client(use_cookies=False)
    sent = order.format(ours=f"{name}={held(client, name)}", name=name)
    assert is_cleared(other.post("/logout", headers={"Cookie": sent}), name)
    assert session_count(app) == 0


def test_signing_out_with_the_access_cookie_alone_ends_its_session_even_expired(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    register(client)
    sign_in(app.test_client())
    lay(client, refresh_token=None)
    clock.tick(hours=1)
    client.post("/logout")
    assert session_count(app) == 1


def test_nobody_is_signed_out_by_following_a_link(app: Flask, client: FlaskClient) -> None:
    register(client)
    page = client.get("/logout")
    assert (page.status_code, session_count(app)) == (200, 1)
    assert "Sign out?" in page.text
    assert 'method="post" action="/logout"' in page.text
    assert is_signed_in(client.get("/account"))
