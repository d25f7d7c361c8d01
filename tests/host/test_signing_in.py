"""A host signs people in, whom it has proved itself, by one call in a view of its own."""

from collections.abc import Callable
from uuid import UUID

import pytest
from answers import assert_problem, cookies
from cookie_names import ACCESS, REFRESH, TOKENS
from flask import redirect
from pages_kit import held, lay, set_names
from proving import Site

from flask_renewal import Renewal, errors


def test_a_sign_in_answers_as_the_login_of_the_api(site: Site) -> None:
    browser = site.browser()
    answer = site.do(browser, lambda: site.renewal.sign_in("7", device="Phone"), headers={"User-Agent": "Mine"})
    body = answer.get_json()
    assert (answer.status_code, body["token_type"], body["user"]) == (200, "Bearer", {"id": "7"})
    assert (body["session"]["device"], body["session"]["user_agent"]) == ("Phone", "Mine")
    assert set_names(answer) == {REFRESH}
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.post("/auth/refresh").status_code == 200


def test_on_a_redirect_it_sets_the_cookies_of_the_pages(site: Site) -> None:
    answer = site.do(site.browser(), lambda: site.renewal.sign_in("7", response=redirect("/inside")))
    assert (answer.status_code, answer.location) == (302, "/inside")
    assert set_names(answer) == TOKENS
    assert answer.headers["Cache-Control"] == "no-store"
    with site.app.app_context():
        assert len(site.renewal.sessions("7")) == 1


def test_a_sign_in_whose_answer_is_not_used_sets_the_refresh_cookie_alone(site: Site) -> None:
    assert set_names(site.do(site.browser(), lambda: str(site.renewal.sign_in("7")))) == {REFRESH}


@pytest.mark.parametrize(
    "start",
    [
        lambda renewal, user_id: renewal.sign_in(user_id),
        lambda renewal, user_id: renewal.sign_in(user_id, response=redirect("/")),
        lambda renewal, user_id: renewal.start_session(user_id).session.id,
    ],
    ids=["answering", "on a redirect", "in a wire format of the host's"],
)
def test_the_session_whose_cookie_came_along_is_replaced(site: Site, start: Callable[[Renewal, str], object]) -> None:
    browser = site.browser()
    old = cookies(site.do(browser, lambda: start(site.renewal, "7")))[REFRESH].value
    site.do(browser, lambda: start(site.renewal, "8"))
    lay(browser, refresh_token=old)
    assert assert_problem(browser.post("/auth/refresh"), 401, "session_ended")["reason"] == "replaced"


@pytest.mark.parametrize(
    "call",
    [
        lambda renewal: renewal.sign_in("7"),
        lambda renewal: renewal.sign_in("7", response=redirect("/inside")),
        lambda renewal: str(renewal.sign_in("7")),
        lambda renewal: renewal.start_session("7").session.id,
    ],
    ids=["answering", "on a redirect", "its answer not used", "in a wire format of the host's"],
)
def test_who_comes_with_cookies_of_a_dead_session_is_signed_in_all_the_same(
    site: Site, call: Callable[[Renewal], object]
) -> None:
    browser, renewal = site.browser(), site.renewal
    site.do(browser, lambda: renewal.sign_in("7", response=redirect("/")))
    with site.app.app_context():
        renewal.end_sessions("7")
    answer = site.do(browser, lambda: renewal.visitor() or call(renewal))
    assert cookies(answer)[REFRESH].value
    assert browser.post("/auth/refresh").status_code == 200


def test_a_sign_in_without_remember_ends_with_the_browser(site: Site) -> None:
    answer = site.do(site.browser(), lambda: site.renewal.sign_in("7", remember=False))
    assert cookies(answer)[REFRESH]["max-age"] is None


def test_one_that_is_not_fresh_opens_no_step_up_guard(site: Site) -> None:
    for fresh, status in ((True, 200), (False, 401)):
        answer = site.do(site.browser(), lambda fresh=fresh: site.renewal.sign_in("7", fresh=fresh))
        told = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
        assert site.browser().get("/access_required/fresh", headers=told).status_code == status


def test_a_client_of_the_body_transport_gets_no_cookie_and_keeps_its_own(make_site: Callable[..., Site]) -> None:
    site = make_site(RENEWAL_BODY_TRANSPORT=True)
    browser, by_body = site.browser(), {"X-Refresh-Transport": "body"}
    site.do(browser, lambda: site.renewal.sign_in("7"))
    answer = site.do(browser, lambda: site.renewal.sign_in("8"), headers=by_body)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.get_json()["refresh_token"]
    assert site.browser().post("/auth/refresh", json={"refresh_token": token}, headers=by_body).status_code == 200
    assert browser.post("/auth/refresh").get_json()["user"] == {"id": "7"}


def test_a_session_bound_to_a_device_refreshes_with_it_alone(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", device_id="a-phone"))
    assert_problem(browser.post("/auth/refresh"), 401, "device_mismatch")
    assert browser.post("/auth/refresh", headers={"X-Device-Id": "a-phone"}).status_code == 200


def test_an_id_of_a_device_that_no_header_can_carry_is_refused(site: Site) -> None:
    answer = site.do(site.browser(), lambda: site.renewal.sign_in("7", device_id="mein Gerät"))
    assert assert_problem(answer, 422, "invalid_request")["field"] == "device_id"


@pytest.mark.parametrize("user_id", ["7", 7, UUID(int=7)], ids=["text", "number", "uuid"])
def test_an_id_is_text_outside_whatever_the_host_has(site: Site, user_id: str | int | UUID) -> None:
    answer = site.do(site.browser(), lambda: site.renewal.sign_in(user_id))
    assert answer.get_json()["user"] == {"id": str(user_id)}


@pytest.mark.parametrize("user_id", [None, True, object(), b"7"], ids=["none", "bool", "an object", "bytes"])
def test_what_is_no_id_is_refused_by_its_type(site: Site, user_id: object) -> None:
    with site.app.app_context(), pytest.raises(TypeError, match="is a str, an int or a UUID"):
        site.renewal.start_session(user_id)  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", ["sign_in", "sign_out", "confirm"])
def test_outside_a_request_a_verb_that_answers_says_what_to_call(site: Site, verb: str) -> None:
    arguments = ["7"] if verb == "sign_in" else []
    with site.app.app_context(), pytest.raises(RuntimeError, match=rf"{verb} answers a request.*; call "):
        getattr(site.renewal, verb)(*arguments)


def test_a_host_that_has_written_is_told_to_commit_first(site: Site) -> None:
    class Note(site.db.Model):  # type: ignore[name-defined,misc]
        id = site.db.mapped_column(site.db.Integer, primary_key=True)

    with site.app.app_context():
        site.db.create_all()
        site.db.session.add(Note())
        site.db.session.flush()
        with pytest.raises(errors.StoreRefusedError, match="commit that first"):
            site.renewal.start_session("7")
        site.db.session.commit()
        assert site.renewal.start_session("7").session.user_id == "7"


def test_who_is_signed_in_or_out_is_so_at_once(site: Site) -> None:
    seen: list[object] = []
    verbs = [
        lambda: None,
        lambda: site.renewal.start_session("7", cookies="pages"),
        lambda: site.renewal.start_session("8"),
        site.renewal.sign_out,
    ]
    site.do(site.browser(), lambda: [(verb(), seen.append(site.renewal.visitor())) for verb in verbs] and "")
    assert [getattr(visitor, "user_id", None) for visitor in seen] == [None, "7", "8", None]


def test_a_confirmation_gives_a_fresh_token(site: Site) -> None:
    with site.app.app_context():
        token = site.renewal.start_session("7", fresh=False).access_token
    stale = {"Authorization": f"Bearer {token}"}
    assert site.browser().get("/access_required/fresh", headers=stale).status_code == 401
    answer = site.do(site.browser(), site.renewal.confirm, token=token)
    told = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert site.browser().get("/access_required/fresh", headers=told).status_code == 200


def test_no_cache_keeps_a_token_that_the_view_takes_out_of_the_answer(make_site: Callable[..., Site]) -> None:
    site = make_site(RENEWAL_BODY_TRANSPORT=True)
    with site.app.app_context():
        token = site.renewal.start_session("7").access_token
    kept, road = {"Cache-Control": "max-age=60"}, {"X-Refresh-Transport": "body"}
    for answer in (
        site.do(site.browser(), lambda: (site.renewal.sign_in("7").get_json(), kept), headers=road),
        site.do(site.browser(), lambda: (site.renewal.confirm().get_json(), kept), token=token),
    ):
        assert "access_token" in answer.get_json()
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_confirmation_on_a_page_is_about_the_visitor(site: Site, clock) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", fresh=False, response=redirect("/")))
    answer = site.do(browser, lambda: site.renewal.confirm(redirect("/safe")))
    assert (answer.location, set_names(answer)) == ("/safe", {ACCESS})
    lay(browser, refresh_token=None)
    seen: list[object] = []
    site.do(browser, lambda: seen.append(site.renewal.visitor().authenticated_at) or "")
    assert seen == [clock()]


def test_where_nobody_is_signed_in_nobody_is_confirmed(site: Site) -> None:
    assert_problem(site.do(site.browser(), site.renewal.confirm), 401, "token_missing")


def test_a_session_that_is_over_is_not_confirmed(site: Site) -> None:
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    value = held(browser, ACCESS)
    with site.app.app_context():
        site.renewal.end_sessions("7")
    lay(browser, access_token=value)
    assert_problem(site.do(browser, site.renewal.confirm), 401, "token_missing")
