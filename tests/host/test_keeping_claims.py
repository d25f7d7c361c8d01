"""The claims of a session are carried by every token of it, until the host replaces them."""

from pathlib import Path
from typing import Any

import pytest
from conftest import Clock, bearer
from flask import jsonify, redirect
from flask_jwt_extended import get_jwt
from hosts import RENEWED
from proving import Site

from flask_renewal import Grant, errors, install_pages, page_required

ORG = {"org": "blå"}


@pytest.fixture(params=["SQL", "Redis"])
def site(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Site:
    store = request.getfixturevalue("redis_server").url if request.param == "Redis" else None
    return Site(tmp_path / "instance", clock, RENEWAL_STORE=store)


def claims(site: Site, token: str) -> dict[str, Any]:
    return site.browser().get("/access_required/claims", headers=bearer(token)).get_json()


def start(site: Site, **terms: Any) -> Grant:
    with site.app.app_context():
        return site.renewal.start_session("7", **terms)


def test_claims_go_on_by_refresh_and_by_header(site: Site, clock: Clock) -> None:
    grant = start(site, claims=ORG)
    assert claims(site, grant.access_token)["org"] == "blå"
    clock.tick(minutes=2)
    refreshed = site.refresh(grant)
    assert claims(site, refreshed.access_token)["org"] == "blå"
    clock.tick(minutes=11)
    renewed = site.ask("/access_required", refreshed).headers[RENEWED]
    assert claims(site, renewed)["org"] == "blå"


def test_tokens_carry_new_claims_from_the_next_on(site: Site, clock: Clock) -> None:
    grant = start(site, claims=ORG)
    with site.app.app_context():
        site.renewal.set_claims(grant.session.id, {"team": 7})
        assert site.renewal.session(grant.session.id).claims == {"team": 7}
    clock.tick(minutes=2)
    told = claims(site, site.refresh(grant).access_token)
    assert (told["team"], "org" in told) == (7, False)


@pytest.mark.parametrize(
    ("session_id", "claimed", "refusal"),
    [
        ("nobody", ORG, errors.SessionNotFoundError),
        ("x" * 40, ORG, errors.SessionNotFoundError),
        ("a\udcff", ORG, errors.SessionNotFoundError),
        (None, {"sub": "8"}, ValueError),
        (None, ["org"], TypeError),
    ],
)
def test_claims_that_cannot_be_are_refused_and_change_nothing(
    site: Site, session_id: str | None, claimed: Any, refusal: type[Exception]
) -> None:
    grant = start(site, claims=ORG)
    with site.app.app_context():
        with pytest.raises(refusal):
            site.renewal.set_claims(session_id or grant.session.id, claimed)
        assert site.renewal.session(grant.session.id).claims == ORG


def test_the_claim_that_names_the_user_cannot_be_taken(tmp_path: Path, clock: Clock) -> None:
    site = Site(tmp_path / "instance", clock, JWT_IDENTITY_CLAIM="user")
    with pytest.raises(ValueError, match="cannot have user"):
        start(site, claims={"user": "8"})


def test_of_one_name_the_sessions_own_claim_stands_above_those_that_are_computed(site: Site) -> None:
    manager = site.app.extensions["flask-jwt-extended"]
    manager.additional_claims_loader(lambda identity: {"a": "theirs", "b": "theirs", "c": "theirs", "sid": "theirs"})
    site.renewal.claims_loader(lambda user_id, session: {"b": user_id, "c": session.device, "sid": "computed"})
    grant = start(site, device="Phone", claims={"c": "own"})
    told = claims(site, grant.access_token)
    assert [told[name] for name in ("a", "b", "c", "sid")] == ["theirs", "7", "own", grant.session.id]


def test_a_cookie_that_would_be_too_large_keeps_the_sessions_own_claims(site: Site) -> None:
    install_pages(site.app)
    site.app.add_url_rule("/page", "page", page_required(lambda: jsonify(get_jwt())))
    site.renewal.claims_loader(lambda user_id, session: {"large": "x" * 4000, "device": session.device})
    browser, own = site.browser(), {"act": {"sub": "admin"}, "note": "x" * 900}
    site.do(browser, lambda: site.renewal.sign_in("7", device="Phone", claims=own, response=redirect("/")))
    told = browser.get("/page").get_json()
    assert {name: told[name] for name in own} == own
    assert (len(told["large"]), told["device"]) == (4000, "Phone")


def test_a_view_sees_the_session_as_it_is_now_not_as_its_token_told_it(site: Site) -> None:
    grant = start(site, claims=ORG)
    with site.app.app_context():
        site.renewal.set_claims(grant.session.id, {"org": "another"})
    seen = site.do(site.browser(), lambda: site.renewal.current_session.claims, token=grant.access_token)  # type: ignore[union-attr]
    assert seen.get_json() == {"org": "another"}


def test_a_view_sees_the_session_by_which_it_was_entered(site: Site) -> None:
    browser, renewal = site.browser(), site.renewal
    grant = start(site, claims=ORG)
    inside = site.do(browser, lambda: jsonify(renewal.current_session.id), token=grant.access_token)  # type: ignore[union-attr]
    assert inside.get_json() == grant.session.id
    assert site.do(browser, lambda: jsonify(renewal.current_session)).get_json() is None
    with site.app.app_context():
        assert renewal.current_session is None


def test_who_acts_for_somebody_else_is_seen_and_never_fresh(site: Site) -> None:
    install_pages(site.app)
    grant = start(site, claims={"act": {"sub": "admin <7>"}})
    assert site.ask("/access_required/fresh", grant).status_code == 401
    browser = site.browser()
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    assert "Somebody else acts for you here: admin &lt;7&gt;" in browser.get("/account").text
