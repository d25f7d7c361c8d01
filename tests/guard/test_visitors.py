"""Pages are renewed on the way, by the rotation rule, and a sign-out is final."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from answers import away, cookies, is_cleared, session_count
from conftest import Clock
from cookie_names import TOKENS
from flask import Flask
from flask.testing import FlaskClient
from pages_kit import EVIL_FORM, NAVIGATION, held, is_signed_in, lay, leads_to_sign_in, register, set_names, twin
from werkzeug.test import TestResponse

from flask_renewal import page_required
from flask_renewal.ground.events import untrusted_origin
from flask_renewal.guard.visitors import current_visitor

EMBEDDED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}


@pytest.fixture
def browser(client: FlaskClient, clock: Clock) -> FlaskClient:
    """Return a signed-in client whose access token has expired."""
    register(client)
    clock.tick(minutes=16)
    return client


def test_a_page_with_an_expired_access_cookie_is_served_at_once_with_new_cookies(browser: FlaskClient) -> None:
    page = browser.get("/account")
    assert is_signed_in(page)
    assert set_names(page) == TOKENS


def test_a_page_with_the_refresh_cookie_alone_is_served_too(browser: FlaskClient) -> None:
    lay(browser, access_token=None)
    assert set_names(browser.get("/account")) == TOKENS


def test_a_page_with_a_good_access_cookie_sets_none(client: FlaskClient) -> None:
    register(client)
    assert "Set-Cookie" not in client.get("/account").headers


def test_of_8_parallel_loads_all_are_signed_in_and_one_carries_the_new_refresh_cookie(browser: FlaskClient) -> None:
    together = Barrier(8)

    def load(tab: FlaskClient) -> TestResponse:
        together.wait()
        return tab.get("/account")

    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(load, [twin(browser) for _ in range(8)]))
    assert all(is_signed_in(page) for page in pages)
    assert sum("refresh_token" in cookies(page) for page in pages) == 1
    assert all("access_token" in set_names(page) for page in pages)


def test_an_old_answer_that_lands_last_signs_nobody_out(browser: FlaskClient, clock: Clock) -> None:
    old = {name: held(browser, name) for name in TOKENS}
    browser.get("/account")
    lay(browser, **old)
    assert set_names(browser.get("/account")) == {"access_token"}
    clock.tick(minutes=16)
    assert is_signed_in(browser.get("/account"))


def test_a_form_sent_with_an_expired_access_cookie_is_handled(browser: FlaskClient) -> None:
    session_id = (held(browser, "refresh_token") or "").partition(".")[0]
    answer = browser.post(f"/account/sessions/{session_id}/name", data={"device": "Work laptop"})
    assert (answer.status_code, answer.location) == (303, "/account?notice=renamed")
    assert set_names(answer) == TOKENS
    assert "Work laptop" in browser.get("/account").text


def test_a_stolen_token_ends_the_session_and_takes_the_cookies_with_it(browser: FlaskClient, clock: Clock) -> None:
    thief = twin(browser)
    for _ in range(2):
        browser.get("/account")
        clock.tick(minutes=16)
    refused = thief.get("/account")
    assert leads_to_sign_in(refused)
    assert all(is_cleared(refused, name) for name in TOKENS)
    assert leads_to_sign_in(browser.get("/account"))


def test_a_cookie_that_another_application_signed_is_left_alone(client: FlaskClient) -> None:
    lay(client, refresh_token="garbage", access_token="garbage")
    refused = client.get("/account")
    assert leads_to_sign_in(refused)
    assert "Set-Cookie" not in refused.headers


def test_a_cookie_sent_twice_is_not_guessed_at_and_stays(client: FlaskClient) -> None:
    register(client)
    value = held(client, "refresh_token")
    other = client.application.test_client(use_cookies=False)
    page = other.get("/account", headers={"Cookie": f"refresh_token={value}; refresh_token=planted"})
    assert leads_to_sign_in(page)
    assert "Set-Cookie" not in page.headers


def test_while_the_store_is_away_nobody_is_signed_out(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["flask-renewal"].store, "rotate", away)
    page = browser.get("/account")
    assert (page.status_code, page.mimetype, page.headers["Retry-After"]) == (503, "text/html", "5")
    assert "You have not been signed out." in page.text
    assert "Set-Cookie" not in page.headers


def test_too_many_renewals_are_refused_with_a_page_and_keep_the_cookies(make_app, clock: Clock) -> None:
    client = make_app(RENEWAL_RATELIMIT_REFRESH="2 per minute").test_client()
    register(client)
    lay(client, access_token=None)
    answers = [twin(client).get("/account") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Set-Cookie" not in answers[2].headers
    assert int(answers[2].headers["Retry-After"]) > 0


def test_signing_out_is_final_for_answers_in_flight(browser: FlaskClient) -> None:
    tab = twin(browser)
    tab.get("/account")
    in_flight = {name: held(tab, name) for name in TOKENS}
    browser.post("/logout")
    lay(browser, **in_flight)
    refused = browser.get("/account")
    assert leads_to_sign_in(refused)
    assert all(is_cleared(refused, name) for name in TOKENS)


def test_a_picture_on_another_site_renews_nothing(app: Flask, browser: FlaskClient) -> None:
    page = browser.get("/account", headers=EMBEDDED)
    assert page.status_code == 401
    assert "Set-Cookie" not in page.headers
    assert set_names(browser.get("/account")) == TOKENS


def test_a_link_on_another_site_leads_in(browser: FlaskClient) -> None:
    assert is_signed_in(browser.get("/account", headers={**NAVIGATION, "Sec-Fetch-Site": "cross-site"}))


PASSED_ON = {**NAVIGATION, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"}


def test_a_link_that_a_service_worker_passes_on_leads_in(browser: FlaskClient) -> None:
    assert is_signed_in(browser.get("/account", headers=PASSED_ON))


@pytest.mark.parametrize(("mode", "dest"), [("cors", "empty"), ("no-cors", "script"), ("navigate", "iframe")])
def test_what_another_site_embeds_or_fetches_renews_nothing(browser: FlaskClient, mode: str, dest: str) -> None:
    page = browser.get("/account", headers={**PASSED_ON, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest})
    assert page.status_code == 401 or leads_to_sign_in(page)
    assert "Set-Cookie" not in page.headers


def test_a_form_from_another_site_renews_nothing(app: Flask, browser: FlaskClient) -> None:
    before = held(browser, "refresh_token")
    assert browser.post("/account/sessions/end-others", headers=EVIL_FORM).status_code == 403
    assert held(browser, "refresh_token") == before
    assert session_count(app) == 1


def test_a_guess_of_the_browser_renews_nothing_and_is_not_kept(browser: FlaskClient) -> None:
    guess = browser.get("/account", headers={**NAVIGATION, "Sec-Purpose": "prefetch"})
    assert guess.status_code == 503
    assert "Set-Cookie" not in guess.headers
    assert is_signed_in(browser.get("/account"))


@pytest.mark.parametrize("minutes", [0, 16], ids=["access token", "refresh token"])
def test_while_foreign_forms_are_only_reported_they_are_the_visitors_and_told_of_once(
    make_app: Callable[..., Flask], clock: Clock, minutes: int
) -> None:
    app = make_app(RENEWAL_UNTRUSTED_ORIGINS="report")
    app.add_url_rule("/form", view_func=page_required(lambda: "done"), methods=["POST"])
    client = app.test_client()
    register(client)
    clock.tick(minutes=minutes)
    heard: list[object] = []
    with untrusted_origin.connected_to(lambda app, **facts: heard.append(facts)):
        assert client.post("/form", headers=EVIL_FORM).text == "done"
    assert heard == [{"origin": EVIL_FORM["Origin"], "refused": False}]


def test_a_foreign_form_that_brings_no_cookie_is_nobodys_and_nothing_to_tell_of(app: Flask) -> None:
    app.add_url_rule("/search", view_func=lambda: str(current_visitor()), methods=["POST"])
    heard: list[object] = []
    with untrusted_origin.connected_to(lambda app, **facts: heard.append(facts)):
        assert app.test_client().post("/search", headers=EVIL_FORM).text == "None"
    assert heard == []
