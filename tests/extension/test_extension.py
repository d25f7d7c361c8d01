"""An application of somebody else's adopts the extension."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hosts import make_host, new_database, services_of, sign_in
from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase

import flask_renewal
from flask_renewal import Account, ConfigurationError, Renewal, UserMixin
from flask_renewal.ground.ambient import Ambient

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """A host before it adopts anything."""
    app = Flask("bare", instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///bare.db"
    return app


def test_a_host_has_the_whole_api(tmp_path: Path, clock: Clock) -> None:
    client = make_host(tmp_path / "instance", clock).test_client()
    token = client.post("/auth/register", json=ALICE).get_json()["access_token"]
    assert client.get("/jwt_required/user", headers=bearer(token)).get_json() == {"username": "alice"}
    assert client.post("/auth/refresh").status_code == 200
    assert client.post("/auth/logout").status_code == 204


def test_the_extension_can_be_made_before_the_application(bare: Flask) -> None:
    db, user_model = new_database(bare)
    renewal = Renewal()
    renewal.init_app(bare, db=db, user_model=user_model)
    with bare.app_context():
        db.create_all()
    assert bare.test_client().post("/auth/register", json=ALICE).status_code == 201


def test_what_is_given_before_there_is_an_application_is_kept_for_it(bare: Flask) -> None:
    db, user_model = new_database(bare)
    Renewal(db=db, user_model=user_model).init_app(bare)
    with bare.app_context():
        db.create_all()
    assert bare.test_client().post("/auth/register", json=ALICE).status_code == 201


def test_an_argument_of_another_name_is_refused_before_there_is_an_application() -> None:
    with pytest.raises(TypeError, match="dbb"):
        Renewal(dbb=None)  # type: ignore[call-arg]


def test_one_extension_serves_two_applications(tmp_path: Path) -> None:
    renewal, answers = Renewal(), []
    for name in ("one", "two"):
        app = Flask(name, instance_path=str(tmp_path / name))
        (tmp_path / name).mkdir()
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///host.db"
        db, user_model = new_database(app)
        renewal.init_app(app, db=db, user_model=user_model)
        with app.app_context():
            db.create_all()
        answers.append(app.test_client().post("/auth/register", json=ALICE).get_json())
    assert answers[0]["user"]["id"] != answers[1]["user"]["id"]


def test_the_table_of_sessions_joins_the_hosts_metadata(bare: Flask) -> None:
    db, user_model = new_database(bare)
    Renewal(bare, db=db, user_model=user_model)
    with bare.app_context():
        db.create_all()
        assert set(inspect(db.engine).get_table_names()) == {"host_user", "renewal_session"}


def test_users_may_be_in_another_database_of_the_hosts(bare: Flask, clock: Clock, tmp_path: Path) -> None:
    bare.config["SQLALCHEMY_BINDS"] = {"people": f"sqlite:///{tmp_path / 'people.db'}"}
    db = SQLAlchemy(bare, model_class=new_base())

    class User(UserMixin, db.Model):  # type: ignore[name-defined,misc]
        __bind_key__ = "people"

    Renewal(bare, db=db, user_model=User, ambient=Ambient(now=clock))
    client = bare.test_client()
    with bare.app_context():
        db.create_all()
        assert client.post("/auth/register", json={"username": "alice", "password": PASSWORD}).status_code == 201
        assert client.post("/auth/refresh").status_code == 200
        assert [user.username for user in db.session.query(User)] == ["alice"]


def new_base() -> type[DeclarativeBase]:
    return type("Base", (DeclarativeBase,), {})


def test_a_second_registration_is_refused_with_the_cure(bare: Flask) -> None:
    db, user_model = new_database(bare)
    Renewal(bare, db=db, user_model=user_model)
    with pytest.raises(ConfigurationError, match="set up on this application already; call init_app once"):
        Renewal(bare, db=db, user_model=user_model)


def test_a_refused_set_up_can_be_mended_and_tried_again(bare: Flask) -> None:
    db, user_model = new_database(bare)
    bare.config["RENEWAL_QUIET_WINDOW"] = 1000
    with pytest.raises(ConfigurationError):
        Renewal(bare, db=db, user_model=user_model)
    bare.config["RENEWAL_QUIET_WINDOW"] = 10
    Renewal(bare, db=db, user_model=user_model)
    assert services_of(bare).settings.quiet_window.total_seconds() == 10


class Memory:
    """Users that are rows of nothing."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def find(self, user_id: str) -> Account | None:
        return self.accounts.get(user_id)

    def find_by_name(self, key: str) -> Account | None:
        return next((account for account in self.accounts.values() if account.username == key), None)

    def add(self, account: Account, *, key: str, now: Any) -> Account:
        self.accounts[account.id] = account
        return account

    def delete(self, user_id: str) -> None:
        del self.accounts[user_id]

    def set_password_hash(self, user_id: str, password_hash: str, *, read: str) -> bool:
        raise NotImplementedError

    def disable(self, user_id: str, *, now: Any) -> None:
        raise NotImplementedError

    def load(self, user_id: str) -> str:
        return f"person {user_id}"


def test_a_host_may_keep_its_users_elsewhere(bare: Flask, clock: Clock) -> None:
    db, users = SQLAlchemy(bare), Memory()
    Renewal(bare, db=db, users=users, ambient=Ambient(now=clock))
    with bare.app_context():
        db.create_all()
    client = bare.test_client()
    body = client.post("/auth/register", json=ALICE).get_json()
    assert list(users.accounts) == [body["user"]["id"]]
    assert client.get("/auth/me", headers=bearer(body["access_token"])).get_json()["user"] == body["user"]
    assert client.post("/auth/refresh").get_json()["user"] == body["user"]
    users.accounts.clear()
    assert client.post("/auth/refresh").get_json()["code"] == "account_disabled"


def test_a_store_that_cannot_be_is_refused(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(ConfigurationError, match="RENEWAL_STORE = 'memcached://localhost' cannot be used; set it to"):
        make_app(RENEWAL_STORE="memcached://localhost")


def test_the_prefix_is_obeyed(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_URL_PREFIX="/api/v1/auth").test_client()
    assert client.post("/api/v1/auth/register", json=ALICE).status_code == 201
    assert_problem(client.post("/auth/register", json=ALICE), 404, "not_found")


def test_a_hosts_errors_stay_its_own(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "instance", clock)
    app.add_url_rule("/fails", view_func=lambda: 1 / 0)
    app.register_error_handler(404, lambda error: ("mine", 404))
    client = app.test_client()
    assert client.get("/nothing").text == "mine"
    assert client.get("/fails").mimetype == "text/html"
    assert client.post("/access_required").mimetype == "text/html"


def test_a_hosts_answers_are_left_alone(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "instance", clock)
    app.add_url_rule("/mine", view_func=lambda: "mine")
    headers = dict(app.test_client().get("/mine").headers)
    assert set(headers) == {"Content-Type", "Content-Length"}


def test_a_hosts_posts_are_not_asked_for_their_origin(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "instance", clock)
    app.add_url_rule("/hook", view_func=lambda: "taken", methods=["POST"])
    response = app.test_client().post("/hook", headers={"Origin": "https://partner.example"})
    assert response.text == "taken"


def test_a_hosts_command_of_our_name_stays(bare: Flask) -> None:
    db, user_model = new_database(bare)
    bare.cli.command("users")(lambda: print("mine"))  # noqa: T201
    Renewal(bare, db=db, user_model=user_model)
    assert bare.test_cli_runner().invoke(args=["users"]).output == "mine\n"


def test_a_hosts_own_transaction_is_not_touched(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "instance", clock)
    db: SQLAlchemy = app.extensions["sqlalchemy"]
    with app.app_context():
        sign_in(app)
        user = db.session.execute(db.text("SELECT username FROM host_user")).scalar()
        sign_in(app, "bob")
        db.session.rollback()
        assert user == "alice"
        assert db.session.execute(db.text("SELECT count(*) FROM renewal_session")).scalar() == 2


def test_the_public_names_are_few_and_there() -> None:
    assert 8 <= len(flask_renewal.__all__) <= 16
    assert all(hasattr(flask_renewal, name) for name in flask_renewal.__all__)
