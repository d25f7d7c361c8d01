"""Beside Flask-Security: its views, its guard and its commands stay its own; ours are beside them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from beside import beside, extension, orders
from conftest import PASSWORD
from cookie_names import TOKENS
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from pages_kit import set_names
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Renewal

user_logged_out = extension("flask_login").user_logged_out
flask_security, models = extension("flask_security"), extension("flask_security.models.fsqla_v3")

CONFIG = {
    "SECURITY_PASSWORD_SALT": "a salt of the host's own",
    "SECURITY_URL_PREFIX": "/members",
    "WTF_CSRF_ENABLED": False,
}
MEMBER = {"email": "member@example.com", "password": PASSWORD}


def set_up(app: Flask) -> None:
    db = app.extensions["sqlalchemy"]
    models.FsModels.set_db_info(db)

    class Role(db.Model, models.FsRoleMixin):  # type: ignore[name-defined,misc]
        pass

    class User(db.Model, models.FsUserMixin):  # type: ignore[name-defined,misc]
        pass

    class WebAuthn(db.Model, models.FsWebAuthnMixin):  # type: ignore[name-defined,misc]
        """Asked for by the name where py_webauthn is installed."""

    flask_security.Security(app, flask_security.SQLAlchemyUserDatastore(db, User, Role, WebAuthn))
    app.add_url_rule("/members/only", "only", flask_security.auth_required("session")(lambda: "for members"))


def add_member(app: Flask) -> Flask:
    members = app.extensions["security"].datastore
    with app.app_context():
        app.extensions["sqlalchemy"].create_all()
        members.create_user(email=MEMBER["email"], password=flask_security.hash_password(PASSWORD))
        members.commit()
    return app


def with_a_member(adopt: Callable[..., Flask], ours_first: bool) -> Flask:
    return add_member(beside(adopt, set_up, ours_first=ours_first, **CONFIG))


def proving(folder: Path, ours_first: bool) -> Flask:
    """Make a host whose members Flask-Security authenticates, and whom we keep signed in."""
    app = Flask("proving", instance_path=str(folder))
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///host.db", SECRET_KEY="a secret of the host's own", **CONFIG)
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
    renewal = Renewal()
    parts = [lambda: renewal.init_app(app, db=db), lambda: set_up(app)]
    for part in parts if ours_first else reversed(parts):
        part()
    start = partial(renewal.start_session, cookies="pages")
    flask_security.user_authenticated.connect(lambda app, user, **_: start(user.id), app, weak=False)
    user_logged_out.connect(lambda app, **_: renewal.sign_out(), app, weak=False)
    return add_member(app)


@orders
def test_its_members_sign_in_by_its_own_page(adopt: Callable[..., Flask], ours_first: bool) -> None:
    client = with_a_member(adopt, ours_first).test_client()
    assert client.get("/members/only").status_code == 302
    assert client.post("/members/login", data=MEMBER).status_code == 302
    assert client.get("/members/only").text == "for members"
    assert client.get("/auth/me").get_json()["code"] == "token_missing"


@orders
def test_its_users_group_is_its_own_and_ours_is_below_renewal(adopt: Callable[..., Flask], ours_first: bool) -> None:
    run = with_a_member(adopt, ours_first).test_cli_runner().invoke
    assert run(args=["users", "deactivate", MEMBER["email"]]).exit_code == 0
    assert run(args=["renewal", "users", "--help"]).exit_code == 0


@orders
def test_its_sign_in_and_its_sign_out_are_those_of_a_session_of_ours(tmp_path: Path, ours_first: bool) -> None:
    client = proving(tmp_path, ours_first).test_client()
    assert set_names(client.post("/members/login", data=MEMBER)) >= TOKENS
    assert client.post("/auth/refresh").get_json()["user"] == {"id": "1"}
    client.post("/members/logout")
    assert client.post("/auth/refresh").get_json()["code"] == "refresh_token_missing"
    assert client.get("/members/only").status_code == 302
