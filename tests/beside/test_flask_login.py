"""Beside Flask-Login: `@login_required` and `current_user` stay its own, and let people in by our cookies too."""

from collections.abc import Callable
from typing import Any

import pytest
from beside import beside, extension, orders
from conftest import Clock
from cookie_names import TOKENS
from flask import Flask, redirect, render_template_string
from flask.testing import FlaskClient
from hosts import sign_in
from pages_kit import EVIL_FORM, NAVIGATION, set_names
from proving import Site

from flask_renewal import Renewal, install_pages

flask_login = extension("flask_login")
renewal = Renewal()
"""Its verbs are for the application at hand."""


class Member(flask_login.UserMixin):
    def __init__(self, member_id: str) -> None:
        self.id = member_id


def set_up(app: Flask) -> None:
    flask_login.LoginManager(app).user_loader(Member)
    app.add_url_rule("/enter", "enter", lambda: str(flask_login.login_user(Member("7"))))
    add_views(app)


def add_views(app: Flask) -> None:
    app.add_url_rule("/template", "template", lambda: render_template_string("{{ current_user.get_id() }}"))
    app.add_url_rule("/members", "members", flask_login.login_required(lambda: "for members"))


@orders
def test_its_current_user_stays_in_the_hosts_templates(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    install_pages(app)
    client = app.test_client()
    assert (client.get("/template").text, client.get("/members").status_code) == ("None", 401)
    client.get("/enter")
    assert (client.get("/template").text, client.get("/members").text) == ("7", "for members")
    assert client.get("/login").status_code == 200


def test_it_stays_there_where_our_pages_were_installed_first(adopt: Callable[..., Flask]) -> None:
    app = adopt(SECRET_KEY="a secret of the host's own")
    install_pages(app)
    set_up(app)
    client = app.test_client()
    client.get("/enter")
    assert client.get("/template").text == "7"


def by_our_cookies(site: Site) -> Site:
    """Let a site that has Flask-Login keep it, and be signed in to by us."""
    manager = flask_login.LoginManager(site.app)
    manager.request_loader(lambda request: (v := site.renewal.visitor()) and Member(v.user_id))
    site.app.config["SECRET_KEY"] = "a secret of the host's own"
    add_views(site.app)
    return site


def test_one_line_lets_it_go_by_our_cookies(site: Site, clock: Clock) -> None:
    browser = by_our_cookies(site).browser()
    assert (browser.get("/template").text, browser.get("/members").status_code) == ("None", 401)
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    for minutes in (0, 16):
        clock.tick(minutes=minutes)
        assert (browser.get("/template").text, browser.get("/members").text) == ("7", "for members")
    site.do(browser, lambda: site.renewal.sign_out(redirect("/")))
    assert browser.get("/members").status_code == 401


def set_up_with_ours(app: Flask) -> None:
    """Set it up with a loader over our cookies, views that sign in and out by us, and views of its own."""
    set_up(app)
    entering = {"methods": ["POST"], "view_func": lambda: renewal.sign_in("id-of-alice", response=redirect("/members"))}
    app.add_url_rule("/sign-in", "sign in", **entering)
    app.add_url_rule("/sign-out", "sign out", lambda: renewal.sign_out(redirect("/")), methods=["POST"])
    app.add_url_rule("/fresh", "fresh", flask_login.fresh_login_required(lambda: "for who has just signed in"))
    app.add_url_rule("/change", "change", flask_login.login_required(lambda: "changed"), methods=["POST"])

    @app.login_manager.request_loader  # type: ignore[attr-defined]
    def load(request: Any) -> Member | None:
        visitor = renewal.visitor()
        return visitor and Member(visitor.user_id)


def signed_in(adopt: Callable[..., Flask], ours_first: bool, **config: Any) -> tuple[Flask, FlaskClient]:
    app = beside(adopt, set_up_with_ours, ours_first=ours_first, **config)
    sign_in(app)
    client = app.test_client()
    assert client.get("/members").status_code == 401
    assert client.post("/sign-in").status_code == 302
    return app, client


@orders
def test_its_guard_and_its_user_go_on_by_our_cookies(
    adopt: Callable[..., Flask], clock: Clock, ours_first: bool
) -> None:
    _, client = signed_in(adopt, ours_first)
    assert (client.get("/members").text, client.get("/template").text) == ("for members", "id-of-alice")
    clock.tick(hours=1)
    renewed = client.get("/members", headers=NAVIGATION)
    assert (renewed.text, set_names(renewed)) == ("for members", TOKENS)
    client.post("/sign-out")
    assert client.get("/members").status_code == 401


@orders
def test_its_guard_lets_nobody_in_whose_session_has_ended(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app, client = signed_in(adopt, ours_first)
    with app.app_context():
        renewal.end_sessions("id-of-alice")
    assert client.get("/members").status_code == 401


@orders
def test_a_form_of_a_foreign_page_changes_nothing(adopt: Callable[..., Flask], ours_first: bool) -> None:
    _, client = signed_in(adopt, ours_first)
    assert client.post("/change").text == "changed"
    assert client.post("/change", headers=EVIL_FORM).status_code == 401


@pytest.mark.parametrize(("protection", "status"), [("basic", 200), ("strong", 401)])
def test_strong_protection_takes_for_a_stranger_who_has_something_in_the_hosts_session(
    adopt: Callable[..., Flask], protection: str, status: int
) -> None:
    _, client = signed_in(adopt, True, SESSION_PROTECTION=protection)
    assert client.get("/members").status_code == 200
    with client.session_transaction() as session:
        session["seen"] = "a page"
    assert client.get("/members").status_code == status


def test_it_takes_no_sign_in_by_us_for_fresh(adopt: Callable[..., Flask]) -> None:
    _, client = signed_in(adopt, True)
    assert client.get("/fresh").status_code == 401
