"""Beside Flask-Login: `current_user` in templates and views stays its own."""

from collections.abc import Callable

from beside import beside, extension, orders
from flask import Flask, render_template_string

from flask_renewal import install_pages

flask_login = extension("flask_login")


class Member(flask_login.UserMixin):
    def __init__(self, member_id: str) -> None:
        self.id = member_id


def set_up(app: Flask) -> None:
    flask_login.LoginManager(app).user_loader(Member)
    app.add_url_rule("/enter", "enter", lambda: str(flask_login.login_user(Member("7"))))
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
