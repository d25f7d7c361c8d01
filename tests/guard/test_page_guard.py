"""The guard of pages where none of ours are installed: the host's own sign-in page, and its own words."""

from collections.abc import Callable

import pytest
from answers import assert_problem
from flask import Response, redirect
from pages_kit import EVIL_FORM, NAVIGATION
from proving import Site

from flask_renewal import errors, page_required


@pytest.fixture
def host(make_site: Callable[..., Site]) -> Site:
    site = make_site(RENEWAL_LOGIN_URL="/enter")
    site.app.add_url_rule("/diary", "diary", page_required(lambda: "a diary"), methods=["GET", "POST"])
    return site


def test_a_person_is_led_to_the_hosts_sign_in_page_and_back(host: Site) -> None:
    client = host.browser()
    answer = client.get("/diary?page=2", headers=NAVIGATION)
    assert (answer.status_code, answer.location) == (303, "/enter?next=/diary%3Fpage%3D2")
    host.do(client, lambda: host.renewal.sign_in("7", response=redirect("/diary")))
    assert client.get("/diary").text == "a diary"


def test_a_script_is_told_where_to_sign_in(host: Site) -> None:
    answer = host.browser().get("/diary", headers={"HX-Request": "true"})
    assert_problem(answer, 401, "token_missing")
    assert answer.headers["X-Login-Location"] == "/enter"


def test_a_page_that_could_lead_elsewhere_is_not_led_back_to(host: Site) -> None:
    host.app.add_url_rule("/files/<path:name>", "file", page_required(lambda name: name))
    assert host.browser().get("/files/a%5Cb", headers=NAVIGATION).location == "/enter"
    assert host.browser().get("/files/a%20b", headers=NAVIGATION).location == "/enter?next=/files/a%2520b"


def test_bytes_in_a_query_that_are_no_text_are_no_failure(host: Site) -> None:
    answer = host.browser().get("/diary", headers=NAVIGATION, environ_overrides={"QUERY_STRING": "page=\xff"})
    assert (answer.status_code, answer.location) == (303, "/enter?next=/diary%3Fpage%3D%EF%BF%BD")


def test_who_only_guesses_is_told_to_come_back(host: Site) -> None:
    assert host.browser().get("/diary", headers={"Sec-Purpose": "prefetch"}).status_code == 503


def test_a_form_from_another_site_is_refused(host: Site) -> None:
    assert_problem(host.browser().post("/diary", headers=EVIL_FORM), 403, "untrusted_origin")


def test_a_refusal_is_told_in_the_hosts_words(host: Site) -> None:
    host.app.register_error_handler(errors.UntrustedOriginError, lambda error: Response("not from there", 403))
    assert host.browser().post("/diary", headers=EVIL_FORM).text == "not from there"


def test_without_any_sign_in_page_the_cure_is_told(make_site: Callable[..., Site]) -> None:
    site = make_site()
    site.app.testing = True
    site.app.add_url_rule("/diary", "diary", page_required(lambda: "a diary"))
    with pytest.raises(RuntimeError, match=r"call install_pages\(app\) .* or set RENEWAL_LOGIN_URL"):
        site.browser().get("/diary")
