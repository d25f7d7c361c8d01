"""Beside Flask-Login: `current_user` in templates and views stays its own."""

from collections.abc import Callable

from beside import beside, extension, orders
from conftest import Clock
from flask import Flask, redirect, render_template_string
from pages_kit import EVIL_FORM
from proving import Site

from flask_renewal import install_pages

flask_login = extension("flask_login")


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


def test_a_form_of_a_foreign_page_is_nobodys_there_either(site: Site) -> None:
    browser = by_our_cookies(site).browser()
    site.app.add_url_rule("/post", "post", flask_login.login_required(lambda: "posted"), methods=["POST"])
    site.do(browser, lambda: site.renewal.sign_in("7", response=redirect("/")))
    assert browser.post("/post", headers=EVIL_FORM).status_code == 401
    assert browser.post("/post").text == "posted"
