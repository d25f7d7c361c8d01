"""A sign-in from before us goes on as a session of ours, without anybody noticing, once in a browser."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from answers import assert_problem, cookies, is_cleared
from conftest import PASSWORD, Clock
from cookie_names import REFRESH, TOKENS
from flask import Flask, redirect, request
from flask.testing import FlaskClient
from hosts import sign_in as start_session
from old_sign_ins import OLD, adopting, sessions, signed_in_before
from pages_kit import NAVIGATION, lay, set_names
from proving import Site

from flask_renewal.ground.events import session_started
from flask_renewal.guard.visitors import current_visitor
from flask_renewal.testing.parts import services_of

ADOPTED = "adopted"


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return adopting(make_site())


@pytest.fixture
def browser(site: Site) -> FlaskClient:
    """One that was signed in before the deployment."""
    return signed_in_before(site)


def test_a_page_serves_who_was_signed_in_before(browser: FlaskClient, clock: Clock) -> None:
    answer = browser.get("/", headers=NAVIGATION)
    assert (answer.text, set_names(answer)) == ("7", {*TOKENS, ADOPTED})
    lay(browser, their_session=None)
    clock.tick(minutes=16)
    again = browser.get("/")
    assert (again.text, set_names(again)) == ("7", TOKENS)


def test_a_refresh_of_a_browser_app_does_too(site: Site, browser: FlaskClient) -> None:
    answer = browser.post("/auth/refresh")
    assert (answer.status_code, answer.get_json()["user"]) == (200, {"id": "7"})
    assert set_names(answer) == {REFRESH, ADOPTED}
    assert browser.post("/auth/refresh").get_json()["session"]["id"] == answer.get_json()["session"]["id"]


def test_the_list_of_sessions_tells_by_which_browser_it_is_used(browser: FlaskClient) -> None:
    answer = browser.post("/auth/refresh", headers={"User-Agent": "Firefox of old"})
    assert answer.get_json()["session"]["user_agent"] == "Firefox of old"


def test_what_is_adopted_is_no_fresh_proof(browser: FlaskClient) -> None:
    token = browser.post("/auth/refresh").get_json()["access_token"]
    told = {"Authorization": f"Bearer {token}"}
    assert browser.get("/access_required", headers=told).status_code == 200
    assert_problem(browser.get("/access_required/fresh", headers=told), 401, "fresh_token_required")


@pytest.mark.parametrize("told", ["7", ("7", True), ("7", False)], ids=["it", "it lasts", "it ends with the browser"])
def test_what_is_adopted_ends_with_the_browser_where_the_host_says_so(
    site: Site, browser: FlaskClient, told: Any
) -> None:
    site.renewal.adopt(lambda: told)
    sent = cookies(browser.get("/"))
    assert {sent[name]["max-age"] is not None for name in TOKENS} == {told[-1] is not False}


SIGN_OUTS = {
    "by the api": lambda site, browser: browser.post("/auth/logout"),
    "by the host": lambda site, browser: site.do(browser, site.renewal.sign_out),
    "on a page": lambda site, browser: site.do(browser, lambda: site.renewal.sign_out(redirect("/"))),
}


@pytest.mark.parametrize("sign_out", SIGN_OUTS.values(), ids=SIGN_OUTS)
@pytest.mark.parametrize("first", ["adopted", "signed in anew", "not seen yet"])
def test_after_a_sign_out_the_old_sign_in_does_not_come_back(
    site: Site, browser: FlaskClient, sign_out: Callable[..., Any], first: str
) -> None:
    if first == "adopted":
        browser.get("/")
    elif first == "signed in anew":
        site.do(browser, lambda: site.renewal.sign_in("7"))
    sign_out(site, browser)
    assert browser.get("/").text == "nobody"
    assert_problem(browser.post("/auth/refresh"), 401, "refresh_token_missing")
    assert sessions(site) == []


def test_nor_after_the_host_has_ended_the_session(site: Site, browser: FlaskClient) -> None:
    site.do(browser, lambda: site.renewal.sign_in("7"))
    with site.app.app_context():
        site.renewal.end_sessions("7")
    assert is_cleared(browser.post("/auth/refresh"))
    assert [browser.get("/").text for _ in range(2)] == ["nobody", "nobody"]


def test_nor_where_the_session_is_older_than_the_adopting(make_site: Callable[..., Site]) -> None:
    site = make_site()
    browser = signed_in_before(site)
    site.do(browser, lambda: site.renewal.sign_in("7"))
    site.renewal.adopt(lambda: request.cookies.get(OLD))
    with site.app.app_context():
        site.renewal.end_sessions("7")
    assert set_names(browser.post("/auth/refresh")) == {ADOPTED}
    assert_problem(browser.post("/auth/refresh"), 401, "refresh_token_missing")


def test_nor_when_the_session_has_run_out(browser: FlaskClient, clock: Clock) -> None:
    browser.get("/")
    clock.tick(days=8)
    assert [browser.get("/").text for _ in range(2)] == ["nobody", "nobody"]


def test_two_tabs_at_once_are_both_signed_in(site: Site) -> None:
    together = Barrier(2)

    def load(tab: FlaskClient) -> str:
        together.wait()
        return tab.get("/", headers=NAVIGATION).text

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(load, [signed_in_before(site) for _ in range(2)])) == ["7", "7"]


def test_tabs_that_a_browser_opens_again_share_one_session(site: Site, clock: Clock) -> None:
    tabs = [signed_in_before(site) for _ in range(3)]
    handed_out, begun = set(), []
    with session_started.connected_to(lambda app, **facts: begun.append(facts["session"].id)):
        for tab in tabs:
            clock.tick(seconds=1)
            assert tab.get("/", headers=NAVIGATION).text == "7"
            handed_out.add(tab.post("/auth/refresh").get_json()["session"]["id"])
    assert [session.id for session in sessions(site)] == list(handed_out) == begun
    clock.tick(minutes=16)
    assert [tab.get("/", headers=NAVIGATION).text for tab in tabs[:1]] == ["7"]


def test_another_browser_of_the_same_user_has_a_session_of_its_own(
    site: Site, browser: FlaskClient, clock: Clock
) -> None:
    other = signed_in_before(site)
    other.set_cookie("theirs", "another")
    for each in (browser, other):
        clock.tick(seconds=1)
        assert each.get("/", headers=NAVIGATION).text == "7"
    assert len(sessions(site)) == 2


def test_browsers_that_bring_no_cookie_are_not_taken_for_one(make_site: Callable[..., Site]) -> None:
    site = adopting(make_site())
    site.renewal.adopt(lambda: request.headers.get("X-User"))  # as a proxy in front says, which signed them in
    for browser in (site.browser(), site.browser()):
        assert browser.get("/", headers={**NAVIGATION, "X-User": "7"}).text == "7"
    assert len(sessions(site)) == 2


def test_an_old_sign_in_that_is_adopted_again_later_begins_another_session(site: Site, clock: Clock) -> None:
    assert signed_in_before(site).get("/", headers=NAVIGATION).text == "7"
    clock.tick(seconds=11)
    assert signed_in_before(site).get("/", headers=NAVIGATION).text == "7"
    assert len(sessions(site)) == 2


def test_a_form_that_was_open_at_the_deployment_is_handled(browser: FlaskClient) -> None:
    assert browser.post("/", headers={"Sec-Fetch-Site": "same-origin"}).text == "7"


def test_who_signs_in_as_somebody_else_leaves_no_adopted_session_behind(site: Site, browser: FlaskClient) -> None:
    site.do(browser, lambda: site.renewal.visitor() and site.renewal.sign_in("8"))
    assert sessions(site) == []


@pytest.mark.parametrize("on_a_page", [False, True])
def test_who_signs_out_at_once_leaves_none_behind_either(site: Site, browser: FlaskClient, on_a_page: bool) -> None:
    sign_out = site.renewal.sign_out
    site.do(browser, lambda: site.renewal.visitor() and sign_out(redirect("/") if on_a_page else None))
    assert sessions(site) == []
    assert browser.get("/").text == "nobody"


def test_the_cookie_that_remembers_is_made_as_the_others_are(make_site: Callable[..., Site]) -> None:
    site = adopting(make_site(JWT_REFRESH_COOKIE_NAME="members"))
    client = site.browser()
    client.set_cookie(OLD, "7", domain="host.example.com", secure=True)
    made = cookies(client.post("/auth/refresh", base_url="https://host.example.com"))
    remembers = made["__Host-Http-members_adopted"]
    assert {"httponly", "secure"} <= set(remembers.attributes)
    assert (remembers["path"], remembers["max-age"]) == ("/", str(400 * 24 * 3600))


def test_a_login_where_an_old_sign_in_comes_along_is_for_who_logs_in(host: Flask) -> None:
    services_of(host).functions.adopt = lambda: request.cookies.get(OLD)
    host.before_request(lambda: current_visitor() and None)
    browser, old = host.test_client(), start_session(host, "old").session.user_id
    browser.set_cookie(OLD, old)
    body = {"username": "alice", "password": PASSWORD}
    assert browser.post("/auth/register", json=body).status_code == 201
    assert browser.post("/auth/refresh").get_json()["user"]["username"] == "alice"
    with host.app_context():
        assert len(services_of(host).sessions.list(old)) == 1  # the one that this test has started
