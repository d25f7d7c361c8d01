"""Beside Flask-Security: its views, its guard and its commands stay its own; ours are beside them."""

from collections.abc import Callable

from beside import beside, extension, orders
from conftest import PASSWORD
from flask import Flask

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

    flask_security.Security(app, flask_security.SQLAlchemyUserDatastore(db, User, Role))
    app.add_url_rule("/members/only", "only", flask_security.auth_required("session")(lambda: "for members"))


def with_a_member(adopt: Callable[..., Flask], ours_first: bool) -> Flask:
    app = beside(adopt, set_up, ours_first=ours_first, **CONFIG)
    members = app.extensions["security"].datastore
    with app.app_context():
        app.extensions["sqlalchemy"].create_all()
        members.create_user(email=MEMBER["email"], password=flask_security.hash_password(PASSWORD))
        members.commit()
    return app


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
