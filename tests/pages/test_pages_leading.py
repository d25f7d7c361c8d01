"""Where visitors are led who are not signed in: people to the sign-in page and back, scripts nowhere."""

from collections.abc import Callable

import pytest
from answers import assert_problem
from conftest import Clock
from flask import Flask, redirect
from flask.testing import FlaskClient
from pages_kit import NAVIGATION, held, lay, leads_to_sign_in, register
from proving import Site

from flask_renewal import install_pages, page_required

WHERE = "X-Login-Location"
SCRIPT = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}
BACKGROUND = {"fetch": SCRIPT, "htmx": {"HX-Request": "true"}, "a picture": {"Sec-Fetch-Mode": "no-cors"}}


def with_pages(site: Site) -> Site:
    """Let a host that proves who people are have our pages, a page of its own and a sign-in page."""
    install_pages(site.app)
    site.app.add_url_rule("/diary", "diary", page_required(lambda: "a diary"))
    site.app.add_url_rule("/enter", "enter", lambda: "the host's own")
    return site


def alice(site: Site) -> FlaskClient:
    client = site.browser()
    site.do(client, lambda: site.renewal.sign_in("7", response=redirect("/")))
    return client


@pytest.mark.parametrize("headers", BACKGROUND.values(), ids=BACKGROUND)
def test_a_script_of_somebody_signed_out_is_told_so_and_gets_no_sign_in_page(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.get("/account", headers=headers)
    assert_problem(answer, 401, "token_missing")
    assert answer.headers[WHERE] == "/login"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", BACKGROUND.values(), ids=BACKGROUND)
def test_a_script_of_somebody_signed_in_is_served(client: FlaskClient, headers: dict[str, str]) -> None:
    register(client)
    assert client.get("/account", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [{}, NAVIGATION], ids=["an older browser", "a navigation"])
def test_a_person_is_led_to_the_sign_in_page(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get("/account", headers=headers)
    assert leads_to_sign_in(answer)
    assert WHERE not in answer.headers


@pytest.mark.parametrize(
    ("referrer", "where"),
    [
        ("http://localhost/diary?page=2", "/login?next=/diary?page%3D2"),
        ("http://localhost/diary", "/login?next=/diary"),
        ("https://evil.example.com/diary", "/login"),
        ("http://localhost//evil.example.com", "/login"),
        ("http://[::1", "/login"),
    ],
    ids=["of this site", "with no query", "of another", "a path that leads elsewhere", "no address"],
)
def test_a_script_is_told_the_way_back_to_its_page(client: FlaskClient, referrer: str, where: str) -> None:
    assert client.get("/account", headers={**SCRIPT, "Referer": referrer}).headers[WHERE] == where


@pytest.mark.parametrize(
    ("setting", "location"),
    [
        ("enter", "/enter?next=/diary?page%3D2"),
        ("/enter", "/enter?next=/diary%3Fpage%3D2"),
        ("/enter?by=mail", "/enter?by=mail&next=/diary%3Fpage%3D2"),
        ("https://id.example.com/enter", "https://id.example.com/enter?next=http%3A//localhost/diary%3Fpage%3D2"),
    ],
    ids=["an endpoint", "a path", "a path with a query", "an address elsewhere"],
)
def test_a_host_that_proves_who_people_are_has_them_led_to_its_own_page(
    make_site: Callable[..., Site], setting: str, location: str
) -> None:
    site = with_pages(make_site(RENEWAL_LOGIN_URL=setting))
    answer = site.browser().get("/diary?page=2")
    assert (answer.status_code, answer.location) == (303, location)


def test_a_form_of_somebody_signed_out_leads_there_without_a_way_back(make_site: Callable[..., Site]) -> None:
    for setting in ("enter", "/enter"):
        site = with_pages(make_site(RENEWAL_LOGIN_URL=setting))
        assert site.browser().post("/account/sessions/end-others").location == "/enter"


def test_without_one_who_is_signed_out_is_told_so(make_site: Callable[..., Site]) -> None:
    site = with_pages(make_site())
    answer = site.browser().get("/diary")
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert "You are not signed in any more." in answer.text
    assert WHERE not in site.browser().get("/diary", headers=SCRIPT).headers


@pytest.mark.parametrize("path", ["/login", "/register", "/account/password"])
def test_such_a_host_has_no_page_of_ours_that_takes_a_password(make_site: Callable[..., Site], path: str) -> None:
    site = with_pages(make_site(RENEWAL_LOGIN_URL="enter"))
    assert [site.browser().open(path, method=method).status_code for method in ("GET", "POST")] == [404, 404]


def test_a_sign_in_page_of_the_hosts_may_be_where_ours_would_be(make_site: Callable[..., Site]) -> None:
    site = with_pages(make_site(RENEWAL_LOGIN_URL="login"))
    site.app.add_url_rule("/login", "login", lambda: "the host's own", methods=["GET", "POST"])
    assert site.browser().get("/login").text == site.browser().post("/login").text == "the host's own"


def test_its_account_page_has_the_devices_and_no_password(make_site: Callable[..., Site]) -> None:
    site = with_pages(make_site(RENEWAL_LOGIN_URL="enter"))
    page = alice(site).get("/account")
    assert page.status_code == 200
    assert "Where you are signed in" in page.text
    assert "password" not in page.text.lower()


def test_its_users_end_their_other_devices_there_without_a_password(make_site: Callable[..., Site]) -> None:
    site = with_pages(make_site(RENEWAL_LOGIN_URL="enter"))
    browser, other, another = site.browser(), alice(site), alice(site)
    site.do(browser, lambda: site.renewal.sign_in("7", fresh=False, response=redirect("/")))
    assert browser.post("/account/sessions/end-others").location == "/account?notice=ended_others&n=2"
    assert other.get("/diary").location == "/enter?next=/diary&reason=ended_by_user"
    assert another.get("/diary", headers=SCRIPT).headers[WHERE] == "/enter?reason=ended_by_user"
    assert browser.get("/diary").text == "a diary"


def test_its_users_sign_out_there_and_are_led_to_its_page(make_site: Callable[..., Site]) -> None:
    site = with_pages(make_site(RENEWAL_LOGIN_URL="enter"))
    browser = alice(site)
    assert browser.get("/logout").status_code == 200
    assert browser.get("/diary").text == "a diary"
    assert browser.post("/logout").location == "/enter"
    assert browser.get("/diary").status_code == 303


def test_without_such_a_page_who_has_signed_out_is_told_so(make_site: Callable[..., Site]) -> None:
    page = alice(with_pages(make_site())).post("/logout")
    assert (page.status_code, "You are signed out." in page.text) == (200, True)


def test_a_host_whose_accounts_are_ours_may_have_a_sign_in_page_too(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_LOGIN_URL="/enter").test_client()
    assert client.get("/account").location == "/enter?next=/account"
    assert client.get("/login").status_code == 200


def test_who_was_signed_out_by_somebody_else_is_told_why(app: Flask, client: FlaskClient, clock: Clock) -> None:
    register(client)
    other = app.test_client()
    lay(other, refresh_token=held(client, "refresh_token"))
    clock.tick(days=8)
    answer = other.get("/account")
    assert answer.location == "/login?next=/account&notice=over_session_expired"
    assert "Your sign-in has run out." in other.get(answer.location).text
