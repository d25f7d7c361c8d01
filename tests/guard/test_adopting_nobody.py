"""Who is not taken for somebody with a sign-in from before us."""

from collections.abc import Callable

import pytest
from answers import assert_problem
from cookie_names import REFRESH, TOKENS
from flask import Flask
from flask.testing import FlaskClient
from old_sign_ins import adopting, sessions, signed_in_before
from pages_kit import EVIL_FORM, NAVIGATION, lay, set_names
from proving import Site

from flask_renewal import SignInRefusedError
from flask_renewal.testing.parts import services_of

ADOPTED = "adopted"
FOREIGN = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return adopting(make_site())


@pytest.fixture
def browser(site: Site) -> FlaskClient:
    """One that was signed in before the deployment."""
    return signed_in_before(site)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", EVIL_FORM),
        ("GET", FOREIGN),
        ("GET", {**NAVIGATION, "Sec-Purpose": "prefetch;prerender"}),
        ("GET", {**NAVIGATION, "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}),
    ],
    ids=["a foreign form", "a foreign picture", "a guess of the browser", "a foreign frame"],
)
def test_nobody_but_the_person_makes_a_page_adopt(
    site: Site, browser: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    answer = browser.open("/", method=method, headers=headers)
    assert (answer.text, answer.headers.getlist("Set-Cookie")) == ("nobody", [])
    assert sessions(site) == []


def test_nor_does_a_foreign_form_where_those_are_only_reported(make_site: Callable[..., Site]) -> None:
    site = adopting(make_site(RENEWAL_UNTRUSTED_ORIGINS="report"))
    assert signed_in_before(site).post("/", headers=EVIL_FORM).text == "nobody"
    assert sessions(site) == []


def test_no_foreign_page_makes_a_refresh_adopt(site: Site, browser: FlaskClient) -> None:
    assert_problem(browser.post("/auth/refresh", headers=EVIL_FORM), 403, "untrusted_origin")
    assert sessions(site) == []


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_a_cookie_of_ours_whatever_is_in_it_is_not_passed_over(site: Site, browser: FlaskClient, name: str) -> None:
    lay(browser, **{name: "another application's"})
    assert browser.get("/").text == "nobody"
    assert sessions(site) == []


def test_a_client_of_the_body_transport_is_not_adopted(make_site: Callable[..., Site]) -> None:
    site = adopting(make_site(RENEWAL_BODY_TRANSPORT=True))
    answer = signed_in_before(site).post("/auth/refresh", headers={"X-Refresh-Transport": "body"})
    assert_problem(answer, 401, "refresh_token_missing")


def test_who_may_not_sign_in_is_not_adopted_and_not_asked_for_again(site: Site, browser: FlaskClient) -> None:
    site.renewal.user_loader(lambda user_id: None)
    assert_problem(browser.post("/auth/refresh"), 401, "account_disabled")
    assert_problem(browser.post("/auth/refresh"), 401, "refresh_token_missing")
    assert signed_in_before(site).get("/").text == "nobody"


def test_whom_the_host_refuses_to_sign_in_is_nobody_on_its_pages(site: Site, browser: FlaskClient) -> None:
    @site.renewal.before_sign_in
    def refuse(user_id: str) -> None:
        raise SignInRefusedError("closed", "We are closed.")

    assert browser.get("/").text == "nobody"
    assert_problem(browser.post("/auth/refresh"), 403, "closed")


def test_an_account_that_is_gone_is_nobody(host: Flask) -> None:
    services_of(host).functions.adopt = lambda: "gone"
    assert_problem(host.test_client().post("/auth/refresh"), 401, "refresh_token_missing")


def test_a_host_that_adopts_nobody_sets_no_such_cookie(make_site: Callable[..., Site]) -> None:
    site = make_site()
    browser = site.browser()
    assert set_names(site.do(browser, lambda: site.renewal.sign_in("7"))) == {REFRESH}
    assert set_names(browser.post("/auth/logout")) == set()


def test_a_host_that_knows_of_no_old_sign_in_is_answered_as_ever(site: Site) -> None:
    stranger = site.browser()
    assert stranger.get("/").text == "nobody"
    assert_problem(stranger.post("/auth/refresh"), 401, "refresh_token_missing")
    assert stranger.get_cookie(ADOPTED) is None
