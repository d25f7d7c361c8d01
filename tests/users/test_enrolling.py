"""A host makes its own object of whoever registers, with what its model has besides."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from answers import assert_problem, away
from conftest import PASSWORD, Clock
from failing_statements import MOMENTS, failing
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from flask_renewal import Account, Renewal, UserMixin, errors, install_pages
from flask_renewal.ground.ambient import Ambient
from flask_renewal.testing.parts import services_of

ALICE = {"username": "alice", "password": PASSWORD, "email": "alice@example.com"}
FORM = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Flask:
    return made(tmp_path, clock)


def made(folder: Path, clock: Clock, *, uri: str = "sqlite:///host.db") -> Flask:
    """Return a host whose users need an address, and have a profile."""
    app = Flask("host", instance_path=str(folder))
    app.config["SQLALCHEMY_DATABASE_URI"] = uri
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))

    class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str] = mapped_column(unique=True)
        profile: Mapped["Profile"] = relationship(cascade="all, delete-orphan")

    class Profile(db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    renewal = Renewal(app, db=db, user_model=User, ambient=Ambient(now=clock))
    install_pages(app)
    app.extensions["told"] = told = []

    @renewal.new_user
    def new_user(fields: Mapping[str, Any]) -> User:
        told.append(dict(fields))
        if "@" not in str(fields.get("email")):
            raise errors.InvalidRequestError("Please give an e-mail address.", field="email")
        return User(email=fields["email"], profile=Profile())

    with app.app_context():
        db.create_all()
    return app


KEPT = "SELECT username, email, profile.id FROM user JOIN profile ON user_id = user.id"


def kept(app: Flask) -> list[Any]:
    with app.app_context():
        return [tuple(row) for row in app.extensions["sqlalchemy"].session.execute(text(KEPT))]


def test_who_is_added_without_a_form_is_told_to_the_host_by_name(app: Flask) -> None:
    with app.app_context(), pytest.raises(errors.InvalidRequestError):
        services_of(app).accounts.add("bob", PASSWORD)
    assert app.extensions["told"] == [{"username": "bob"}]


def test_the_hosts_object_is_added_with_what_belongs_to_it(app: Flask) -> None:
    answer = app.test_client().post("/auth/register", json={**ALICE, "team": 7})
    assert (answer.status_code, answer.get_json()["user"]) == (201, {"id": "1", "username": "alice"})
    assert kept(app) == [("alice", "alice@example.com", 1)]
    assert app.extensions["told"] == [{"username": "alice", "email": "alice@example.com", "team": 7}]
    assert app.test_client().post("/auth/login", json=ALICE).status_code == 200


def test_the_host_refuses_a_field_with_a_sentence(app: Flask) -> None:
    client = app.test_client()
    refused = client.post("/auth/register", json={**ALICE, "email": "nowhere"})
    body = assert_problem(refused, 422, "invalid_request")
    assert (body["field"], body["detail"]) == ("email", "Please give an e-mail address.")
    page = client.post("/register", data={**ALICE, "email": "nowhere"}, headers=FORM)
    assert (page.status_code, "Please give an e-mail address." in page.text) == (422, True)
    assert kept(app) == []


def test_a_name_that_is_taken_is_told_so_and_no_other_cause_is(app: Flask) -> None:
    client = app.test_client()
    client.post("/auth/register", json=ALICE)
    taken = client.post("/auth/register", json={**ALICE, "username": "ALICE", "email": "other@example.com"})
    assert_problem(taken, 409, "username_taken")
    assert_problem(client.post("/auth/register", json={**ALICE, "username": "bob"}), 500, "internal_error")
    assert kept(app) == [("alice", "alice@example.com", 1)]


def test_nothing_is_left_where_the_session_cannot_begin(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    with monkeypatch.context() as broken:
        broken.setattr(services_of(app).store, "start", away)
        assert_problem(client.post("/auth/register", json=ALICE), 503, "store_unavailable")
    assert kept(app) == []
    assert client.post("/auth/register", json=ALICE).status_code == 201


def test_what_the_request_has_not_committed_is_not_committed_with_it(app: Flask) -> None:
    db = app.extensions["sqlalchemy"]
    with app.app_context():
        db.session.execute(text("UPDATE user SET email = 'x'"))
        with pytest.raises(errors.StoreRefusedError, match="commit that first"):
            services_of(app).accounts.add("alice", PASSWORD, fields=ALICE)
        db.session.rollback()
        services_of(app).accounts.add("alice", PASSWORD, fields=ALICE)
    assert len(kept(app)) == 1


@pytest.mark.parametrize("on", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_statement_fails_all_that_the_host_adds_is_there_or_nothing(app: Flask, moment: str, on: bool) -> None:
    for at in count(1):
        alice = {**ALICE, "username": f"alice{at}", "email": f"alice{at}@example.com"}
        with failing(app, moment, at, on=on) as seen:
            status = app.test_client().post("/auth/register", json=alice).status_code
        if len(seen) < at:
            assert status == 201
            break
        again = app.test_client().post("/auth/register", json=alice).status_code
        assert status == 201 or again in (201, 409)
        assert len(kept(app)) == at  # with a profile each
        assert app.test_client().post("/auth/login", json=alice).status_code == 200
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        assert [db.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("user", "profile")] == [at, at]


def test_another_object_than_one_of_the_model_is_refused_by_its_name(app: Flask) -> None:
    services_of(app).people._functions.new_user = dict
    with app.app_context(), pytest.raises(TypeError, match="new_user returned a dict, not a User"):
        services_of(app).accounts.add("alice", PASSWORD)


class Forgetful:
    """Users of a host's own, which keep what they are asked to and take no object."""

    def __init__(self) -> None:
        self.kept: dict[str, Account] = {}
        self.made: list[Any] = []

    def add(self, account: Account, *, key: str, now: datetime) -> Account:
        self.kept[account.id] = account
        return account

    def find(self, user_id: str) -> Account | None:
        return self.kept.get(user_id)

    def delete(self, user_id: str) -> None:
        del self.kept[user_id]


class Members(Forgetful):
    """They take what the host makes."""

    def add(self, account: Account, *, key: str, now: datetime, user: Any = None) -> Account:
        self.made.append(user)
        return super().add(account, key=key, now=now)


def host_of(users: Any, folder: Path) -> Flask:
    app = Flask("host", instance_path=str(folder))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///host.db"
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
    app.extensions["renewal"] = Renewal(app, db=db, users=users)
    with app.app_context():
        db.create_all()
    return app


def test_users_of_a_hosts_own_add_what_it_makes(tmp_path: Path) -> None:
    members = Members()
    app = host_of(members, tmp_path)
    app.extensions["renewal"].new_user(dict)
    assert app.test_client().post("/auth/register", json=ALICE).status_code == 201
    assert members.made == [{"username": "alice", "email": "alice@example.com"}]


@pytest.mark.parametrize("makes", [False, True], ids=["by itself", "with the host's object"])
def test_who_was_added_to_a_hosts_own_users_is_deleted_there_where_the_session_cannot_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, makes: bool
) -> None:
    members = Members()
    app = host_of(members, tmp_path)
    if makes:
        app.extensions["renewal"].new_user(dict)
    monkeypatch.setattr(services_of(app).store, "start", away)
    assert_problem(app.test_client().post("/auth/register", json=ALICE), 503, "store_unavailable")
    assert (len(members.made), members.kept) == (1, {})


def test_users_that_take_no_object_are_given_none_and_say_so_where_one_is_made(tmp_path: Path) -> None:
    app = host_of(Forgetful(), tmp_path)
    assert app.test_client().post("/auth/register", json=ALICE).status_code == 201
    app.extensions["renewal"].new_user(dict)
    with app.app_context(), pytest.raises(TypeError, match=r"Forgetful\.add takes none; let it take user="):
        services_of(app).accounts.add("bob", PASSWORD)


def test_in_memory_a_host_that_has_written_is_not_committed_along(tmp_path: Path, clock: Clock) -> None:
    app = made(tmp_path, clock, uri="sqlite://")
    db = app.extensions["sqlalchemy"]
    with app.app_context():
        db.session.execute(text("INSERT INTO profile (user_id) VALUES (7)"))
        refused = app.test_client().post("/auth/register", json=ALICE)
        db.session.rollback()
        assert db.session.scalar(text("SELECT count(*) FROM profile")) == 0
        db.session.commit()
    assert (refused.status_code, app.extensions["told"]) == (500, [])
    assert app.test_client().post("/auth/register", json=ALICE).status_code == 201
    assert len(kept(app)) == 1
