"""What a request starts, renews and ends is written on its answer, whatever the view answers."""

import pytest
from answers import is_cleared
from conftest import PASSWORD, Clock
from cookie_names import TOKENS
from flask import Flask, Response, redirect
from flask.testing import FlaskClient
from hosts import answering
from hosts import sign_in as start_session
from pages_kit import held, is_signed_in, lay, leads_to_sign_in, register, set_names, twin
from proving import Site

from flask_renewal.guard.visitors import current_visitor
from flask_renewal.guard.visits import Cookies, current_visit


def test_an_answer_made_while_its_session_is_ended_sets_no_cookies(app: Flask, clock: Clock) -> None:
    browser, others = app.test_client(), []

    @app.after_request
    def end_meanwhile(response: Response) -> Response:
        if others:
            others.pop().post("/logout")
        return response

    register(browser)
    clock.tick(minutes=16)
    others.append(twin(browser))
    page = browser.get("/account")
    assert is_signed_in(page)
    assert "Set-Cookie" not in page.headers


def test_a_grant_for_the_refresh_cookie_alone_sets_only_that(host: Flask) -> None:
    start = answering(host, lambda: keep(host, cookies="refresh"), guard=lambda: lambda view: view)
    answer = start("/answer")
    assert set_names(answer) == {"refresh_token"}
    assert answer.headers["Cache-Control"] == "no-store"


def keep(host: Flask, *, cookies: Cookies) -> Response:
    current_visit().keep(start_session(host), cookies=cookies)
    return Response("done", headers={"Cache-Control": "public, max-age=60"})


@pytest.fixture
def curious(app: Flask) -> FlaskClient:
    """Return a browser of an application that asks who is there before each request, as many do."""
    app.before_request(lambda: current_visitor() and None)
    return app.test_client()


def test_an_answer_that_takes_dead_cookies_away_is_in_no_cache(app: Flask, curious: FlaskClient) -> None:
    app.add_url_rule("/public", view_func=lambda: Response("for all", headers={"Cache-Control": "max-age=60"}))
    register(curious)
    dead = held(curious, "refresh_token")
    curious.post("/logout")
    lay(curious, refresh_token=dead, access_token=None)
    answer = curious.get("/public")
    assert (answer.text, is_cleared(answer, "refresh_token")) == ("for all", True)
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Cookie")


def test_what_nobody_was_told_is_not_given_to_somebody(app: Flask, curious: FlaskClient) -> None:
    stored, varies = {"Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}, {"Accept-Language", "Cookie"}
    app.add_url_rule("/public", view_func=lambda: Response("for all", headers=stored))
    nobodys = curious.get("/public")
    assert (nobodys.headers["Cache-Control"], set(nobodys.vary)) == ("public, max-age=60", varies)
    register(curious)
    hers = curious.get("/public")
    assert (hers.headers["Cache-Control"], set(hers.vary)) == ("no-store", varies)


def test_a_login_by_the_api_counts_more_than_the_dead_cookie_that_it_came_with(curious: FlaskClient) -> None:
    register(curious)
    dead = held(curious, "refresh_token")
    curious.post("/logout")
    lay(curious, refresh_token=dead, access_token=None)
    answer = curious.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert (answer.status_code, set_names(answer)) == (200, {"refresh_token"})
    assert curious.post("/auth/refresh").status_code == 200


def test_a_logout_by_the_api_counts_more_than_what_was_renewed_for_it(curious: FlaskClient, clock: Clock) -> None:
    register(curious)
    clock.tick(minutes=16)
    answer = curious.post("/auth/logout")
    assert (answer.status_code, set_names(answer)) == (204, set())
    assert leads_to_sign_in(curious.get("/account"))


def test_a_refresh_by_the_api_goes_on_where_a_page_was_renewed_for_it(curious: FlaskClient, clock: Clock) -> None:
    register(curious)
    for _ in range(3):
        clock.tick(minutes=16)
        assert curious.post("/auth/refresh").status_code == 200


def test_what_is_decided_last_on_one_answer_counts(site: Site) -> None:
    browser, renewal = site.browser(), site.renewal
    answer = site.do(browser, lambda: renewal.sign_out(renewal.sign_in("7", response=redirect("/"))))
    assert answer.status_code == 302
    assert browser.get_cookie("refresh_token") is None
    assert site.do(browser, lambda: str(renewal.visitor())).text == "None"


def test_a_proof_on_the_way_does_not_lose_the_refresh_token_that_came_before(site: Site, clock: Clock) -> None:
    browser, renewal = site.browser(), site.renewal
    site.do(browser, lambda: renewal.sign_in("7", response=redirect("/")))
    clock.tick(minutes=16)
    answer = site.do(browser, lambda: renewal.visitor() and renewal.confirm(redirect("/")))
    assert set_names(answer) == TOKENS
