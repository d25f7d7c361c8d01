"""A host keeps its wire format: its serializer, its scheme, its refresh route with the token in a header."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem, cookies
from conftest import Clock
from cookie_names import REFRESH, TOKENS
from flask import Response, jsonify, request
from flask.testing import FlaskClient
from pages_kit import EVIL_FORM, lay, set_names
from proving import Site
from statements import statements

from flask_renewal import errors


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A host as many are: a user in an envelope, `Authorization: Token …`, refresh tokens in a header."""
    site = make_site(JWT_HEADER_TYPE="Token", RENEWAL_BODY_TRANSPORT=True)

    def serialized(token: str) -> Response:
        return jsonify(user={"email": "alice@example.com", "token": token})

    @site.app.post("/api/users/login")
    def log_in() -> Response:
        return serialized(site.renewal.start_session(7).access_token)

    @site.app.post("/api/users/refresh")
    def refresh() -> Response:
        grant = site.renewal.refresh_session(request.headers.get("X-Refresh-Token"))
        response = serialized(grant.access_token)
        if grant.refresh_token is not None:
            response.headers["X-Refresh-Token"] = grant.refresh_token
        return response

    return site


@pytest.fixture
def browser(site: Site) -> FlaskClient:
    return site.browser()


def refresh(client: FlaskClient, token: str | None) -> Any:
    return client.post("/api/users/refresh", headers={"X-Refresh-Token": token} if token else {})


def test_the_token_of_the_hosts_envelope_is_let_in_by_both_guards_and_by_our_routes(browser: FlaskClient) -> None:
    token = browser.post("/api/users/login").get_json()["user"]["token"]
    told = {"Authorization": f"Token {token}"}
    for path in ("/access_required", "/jwt_required", "/auth/me"):
        assert browser.get(path, headers=told).status_code == 200


def test_the_refresh_cookie_goes_on_the_answer_whatever_the_view_returns(browser: FlaskClient) -> None:
    answer = browser.post("/api/users/login")
    assert set(answer.get_json()) == {"user"}
    assert set_names(answer) == {REFRESH}
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.post("/auth/refresh").status_code == 200


def test_a_renewed_token_comes_in_the_header_for_a_token_of_another_scheme(browser: FlaskClient, clock: Clock) -> None:
    token = browser.post("/api/users/login").get_json()["user"]["token"]
    clock.tick(minutes=11)
    answer = browser.get("/access_required", headers={"Authorization": f"Token {token}"})
    assert answer.headers["X-Renewed-Access-Token"]


def test_a_refresh_route_of_the_hosts_hands_out_one_token_after_the_other(
    site: Site, browser: FlaskClient, clock: Clock
) -> None:
    with site.app.app_context():
        tokens = [site.renewal.start_session(7).refresh_token]
    for _ in range(3):
        clock.tick(minutes=2)
        answer = refresh(browser, tokens[-1])
        assert answer.get_json()["user"]["token"]
        assert answer.headers["Cache-Control"] == "no-store"
        tokens.append(answer.headers["X-Refresh-Token"])
    assert len(set(tokens)) == 4


def test_in_a_quiet_answer_the_client_holds_on_to_the_token_it_has(site: Site, browser: FlaskClient) -> None:
    with site.app.app_context():
        first = site.renewal.start_session(7).refresh_token
    second = refresh(browser, first).headers["X-Refresh-Token"]
    again = refresh(browser, first)
    assert again.status_code == 200
    assert "X-Refresh-Token" not in again.headers
    assert refresh(browser, second).status_code == 200


def test_a_refusal_has_the_code_of_the_api(site: Site, browser: FlaskClient) -> None:
    assert_problem(refresh(browser, None), 401, "refresh_token_missing")
    assert_problem(refresh(browser, "somebody else's"), 401, "refresh_token_invalid")
    with site.app.app_context():
        token = site.renewal.start_session(7).refresh_token
        site.renewal.end_sessions(7)
    assert assert_problem(refresh(browser, token), 401, "session_ended")["reason"] == "ended_by_host"


def test_a_stolen_token_ends_the_session_by_the_hosts_route_too(site: Site, browser: FlaskClient, clock: Clock) -> None:
    with site.app.app_context():
        stolen = site.renewal.start_session(7).refresh_token
    held = stolen
    for _ in range(2):
        held = refresh(browser, held).headers["X-Refresh-Token"]
        clock.tick(minutes=2)
    assert_problem(refresh(browser, stolen), 401, "refresh_token_reused")
    assert_problem(refresh(browser, held), 401, "session_ended")


def test_a_session_bound_to_a_device_is_refreshed_with_it(site: Site) -> None:
    with site.app.app_context():
        token = site.renewal.start_session(7, device_id="a-phone").refresh_token
        with pytest.raises(errors.DeviceMismatchError):
            site.renewal.refresh_session(token)
        with pytest.raises(errors.RefreshTokenInvalidError):
            site.renewal.refresh_session("somebody else's", device_id="a-phone")
        assert site.renewal.refresh_session(token, device_id="a-phone").refresh_token


def test_a_session_may_be_started_for_the_cookies_of_the_pages(site: Site, browser: FlaskClient) -> None:
    answer = site.do(browser, lambda: site.renewal.start_session(7, cookies="pages") and "welcome")
    assert (answer.text, set_names(answer)) == ("welcome", TOKENS)


@pytest.mark.parametrize("road", [{}, {"headers": {"X-Refresh-Transport": "body"}}], ids=["no cookies", "the body"])
def test_a_session_whose_tokens_the_view_hands_out_itself_leaves_the_browsers_alone(
    site: Site, browser: FlaskClient, road: dict[str, Any]
) -> None:
    browser.post("/api/users/login")
    wanted = "refresh" if road else None
    answer = site.do(browser, lambda: site.renewal.start_session(8, cookies=wanted).access_token, **road)
    assert (answer.status_code, answer.text.count(".")) == (200, 2), "an access token"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.post("/auth/refresh").get_json()["user"] == {"id": "7"}


def test_what_was_renewed_on_the_way_is_not_lost_by_it(site: Site, browser: FlaskClient, clock: Clock) -> None:
    site.do(browser, lambda: site.renewal.start_session(7, cookies="pages") and "")
    clock.tick(minutes=16)
    answer = site.do(browser, lambda: str(site.renewal.visitor() and site.renewal.start_session(8, cookies=None)))
    assert set_names(answer) == TOKENS


def test_another_word_for_the_cookies_is_refused_with_those_that_there_are(site: Site) -> None:
    with site.app.app_context(), pytest.raises(ValueError, match="cookies='both' is none of 'refresh', 'pages', None"):
        site.renewal.start_session(7, cookies="both")  # type: ignore[arg-type]


def test_a_visitor_is_known_without_a_guard_and_renewed_on_the_way(
    site: Site, browser: FlaskClient, clock: Clock
) -> None:
    site.do(browser, lambda: site.renewal.start_session(7, cookies="pages") and "")
    started = clock()
    clock.tick(minutes=16)
    seen: list[Any] = []
    answer = site.do(browser, lambda: seen.append(site.renewal.visitor()) or "", method="GET")
    assert (seen[0].user_id, seen[0].authenticated_at) == ("7", started)
    assert set_names(answer) == TOKENS


def test_a_visitor_with_a_good_access_cookie_costs_no_statement(site: Site, browser: FlaskClient) -> None:
    site.do(browser, lambda: site.renewal.start_session(7, cookies="pages") and "")
    lay(browser, refresh_token=None)
    with statements(site.app) as sent:
        assert site.do(browser, lambda: site.renewal.visitor().user_id).text == "7"
    assert sent == []


def test_there_is_no_visitor_without_cookies_nor_outside_a_request(site: Site, browser: FlaskClient) -> None:
    assert site.do(browser, lambda: str(site.renewal.visitor())).text == "None"
    with site.app.app_context():
        assert site.renewal.visitor() is None


def test_a_form_of_a_foreign_page_is_nobodys_and_the_log_says_why(
    site: Site, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    site.do(browser, lambda: site.renewal.start_session(7, cookies="pages") and "")
    assert site.do(browser, lambda: str(site.renewal.visitor()), headers=EVIL_FORM).text == "None"
    assert "RENEWAL_TRUSTED_ORIGINS" in caplog.text
    assert site.do(browser, lambda: site.renewal.visitor().user_id).text == "7"


def test_a_cookie_set_by_a_host_is_called_as_by_the_api(site: Site) -> None:
    answer = site.do(site.browser(), lambda: site.renewal.sign_in(7), base_url="https://host.example.com")
    assert list(cookies(answer)) == ["__Host-Http-refresh_token"]


@pytest.fixture
def app_of_before(site: Site) -> FlaskClient:
    """One that has a refresh token of the host's own, from before the deployment."""
    site.renewal.adopt(lambda: 7 if request.headers.get("X-Refresh-Token") == "of before" else None)
    return site.browser()


def test_a_refresh_token_from_before_us_is_exchanged_for_a_session(site: Site, app_of_before: FlaskClient) -> None:
    answer = refresh(app_of_before, "of before")
    token = answer.headers["X-Refresh-Token"]
    assert answer.status_code == 200
    assert refresh(site.browser(), token).status_code == 200


def test_who_brings_no_refresh_token_may_bring_another_sign_in_from_before_us(site: Site) -> None:
    site.renewal.adopt(lambda: 7 if request.headers.get("X-Api-Key") == "of before" else None)
    answer = site.browser().post("/api/users/refresh", headers={"X-Api-Key": "of before"})
    assert refresh(site.browser(), answer.headers["X-Refresh-Token"]).status_code == 200


@pytest.mark.parametrize(("token", "code"), [("made up", "invalid"), (None, "missing")])
def test_a_refresh_token_that_is_nobodys_is_refused_as_ever(
    app_of_before: FlaskClient, token: str | None, code: str
) -> None:
    assert_problem(refresh(app_of_before, token), 401, f"refresh_token_{code}")


def test_a_foreign_page_exchanges_nothing_from_before_us(site: Site, app_of_before: FlaskClient) -> None:
    told = {"X-Refresh-Token": "of before", "Sec-Fetch-Site": "cross-site"}
    assert_problem(app_of_before.post("/api/users/refresh", headers=told), 401, "refresh_token_invalid")
    with site.app.app_context():
        assert site.renewal.sessions(7) == []
