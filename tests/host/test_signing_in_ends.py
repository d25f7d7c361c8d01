"""A host signs people out by one call in a view of its own: what ends with it, and which cookies go."""

from collections.abc import Callable

from answers import assert_problem, is_cleared
from cookie_names import TOKENS
from flask import redirect
from hosts import services_of
from pages_kit import EVIL_FORM
from proving import Site


def test_a_sign_out_answers_as_the_api_does(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7"))
    answer = site.do(browser, site.renewal.sign_out)
    assert (answer.status_code, answer.data) == (204, b"")
    assert is_cleared(answer)
    with site.app.app_context():
        assert site.renewal.sessions("7") == []


def test_a_sign_out_on_a_redirect_deletes_the_cookies_of_the_pages(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    answer = site.do(browser, lambda: site.renewal.sign_out(redirect("/bye")))
    assert (answer.location, answer.headers["Clear-Site-Data"]) == ("/bye", '"cache"')
    assert all(is_cleared(answer, name) for name in TOKENS)


def test_a_sign_out_whose_answer_is_not_used_deletes_them_too(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    answer = site.do(browser, lambda: str(site.renewal.sign_out()) and "bye")
    assert all(is_cleared(answer, name) for name in TOKENS)


def test_a_sign_out_ends_the_session_of_the_token_where_there_is_no_cookie(site: Site) -> None:
    with site.app.app_context():
        token = site.renewal.start_session("7").access_token
    assert site.do(site.browser(), site.renewal.sign_out, token=token).status_code == 204
    with site.app.app_context():
        assert site.renewal.sessions("7") == []


def test_a_sign_out_by_the_body_transport_ends_the_session_of_the_token_in_the_body(
    make_site: Callable[..., Site],
) -> None:
    site, by_body = make_site(RENEWAL_BODY_TRANSPORT=True), {"X-Refresh-Transport": "body"}
    signed_in = site.do(site.browser(), lambda: site.renewal.sign_in("7"), headers=by_body)
    sent = {"refresh_token": signed_in.get_json()["refresh_token"]}
    assert site.do(site.browser(), site.renewal.sign_out, headers=by_body, json=sent).status_code == 204
    with site.app.app_context():
        assert site.renewal.sessions("7") == []


def test_a_sign_out_ends_the_session_that_the_same_request_has_started(site: Site) -> None:
    answer = site.do(site.browser(), lambda: str(site.renewal.sign_in("7")) and site.renewal.sign_out())
    assert is_cleared(answer)
    [session] = services_of(site.app).store.history("7")
    assert session.ended_reason == "logout"


def test_a_foreign_page_signs_nobody_out(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7"))
    assert_problem(site.do(browser, site.renewal.sign_out, headers=EVIL_FORM), 403, "untrusted_origin")
    assert browser.post("/auth/refresh").status_code == 200
