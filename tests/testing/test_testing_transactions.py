"""The kit in suites that roll each test back, in one transaction on a connection in the engine's place."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import NOON
from engines import PostgreSQL
from flask import Flask
from sqlalchemy import text

from flask_renewal.testing import RenewalClient


@pytest.fixture(params=["a file", "in memory", "PostgreSQL"])
def app(request: pytest.FixtureRequest, adopt: Callable[..., Flask]) -> Flask:
    if request.param != "PostgreSQL":
        return adopt(SQLALCHEMY_DATABASE_URI={"a file": "sqlite:///host.db", "in memory": "sqlite://"}[request.param])
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    return adopt(SQLALCHEMY_DATABASE_URI=server.url)


@contextmanager
def rolled_back(app: Flask) -> Iterator[Any]:
    """Give the host's session while all that is done to its database will not have been."""
    db = app.extensions["sqlalchemy"]
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection, connection.begin() as transaction:
            db.engines[None] = connection
            try:
                yield db.session
            finally:
                db.session.remove()
                db.engines[None] = engine
                transaction.rollback()


def add(session: Any, name: str, *, commit: bool = True) -> None:
    columns = "INSERT INTO host_user (id, username, username_key, password_hash, created_at)"
    session.execute(text(f"{columns} VALUES (:name, :name, :name, '!', :now)"), {"name": name, "now": NOON})
    if commit:
        session.commit()


def counts(app: Flask) -> list[int]:
    with app.app_context():
        run = app.extensions["sqlalchemy"].session.execute
        return [run(text(f"SELECT count(*) FROM {table}")).scalar() for table in ("host_user", "renewal_session")]


def test_a_user_made_in_the_transaction_signs_in_goes_on_and_is_gone(app: Flask) -> None:
    with rolled_back(app) as session:
        add(session, "alice")
        client = RenewalClient(app).login("alice")
        client.clock.tick(minutes=16)
        assert client.fetch("/access_required/user").json == {"username": "alice"}
        assert [answer.status_code for answer in client.race(3)] == [200] * 3
        assert app.extensions["flask-renewal"].sessions.list("alice")
    assert counts(app) == [0, 0]


def test_what_fails_in_it_takes_nothing_else_away(app: Flask) -> None:
    with rolled_back(app) as session:
        add(session, "alice")
        client = RenewalClient(app).login("bob")
        taken = {"username": "ALICE", "password": "correct staple horse battery"}
        assert RenewalClient(app).post("/auth/register", json=taken).status_code == 409
        client.assert_signed_in("bob")
        assert counts(app) == [2, 1]
    assert counts(app) == [0, 0]


def test_whoever_ends_many_sessions_in_it_ends_them(app: Flask) -> None:
    with rolled_back(app):
        phone = RenewalClient(app).login("alice").second_device()
        assert phone.delete("/auth/sessions").json == {"ended": 1}
        assert list(app.extensions["flask-renewal"].sessions.purging.everything()) == [0]
    assert counts(app) == [0, 0]


def test_what_is_not_committed_yet_in_it_keeps_nobody_from_it(app: Flask) -> None:
    with rolled_back(app) as session:
        add(session, "alice")
        RenewalClient(app).login("alice")
        add(session, "bob", commit=False)
        assert app.extensions["flask-renewal"].sessions.end_all("alice", reason="test") == 1
        session.commit()
        assert counts(app) == [2, 1]
    assert counts(app) == [0, 0]


def test_behind_it_sessions_stay_as_ever(app: Flask) -> None:
    with rolled_back(app):
        RenewalClient(app).login("alice")
    RenewalClient(app).login("alice").assert_signed_in("alice")
    assert counts(app) == [1, 1]


CURE = "commit it first, or put the test's connection into db.engines"


@pytest.mark.parametrize("app", ["a file", "PostgreSQL"], indirect=True)
def test_a_user_who_is_not_committed_is_told_at_once(app: Flask) -> None:
    with app.app_context():
        add(app.extensions["sqlalchemy"].session, "alice", commit=False)
        with pytest.raises(AssertionError, match=re.escape(CURE)):
            RenewalClient(app).login("alice")
        with pytest.raises((AssertionError, LookupError), match="commit"):
            RenewalClient(app).login(SimpleNamespace(id="alice"))


@pytest.mark.parametrize("app", ["a file", "PostgreSQL"], indirect=True)
def test_a_session_of_the_tests_on_a_connection_that_nobody_knows_is_told(app: Flask) -> None:
    db = app.extensions["sqlalchemy"]
    with app.app_context(), db.engine.connect() as connection, connection.begin():
        db.session().get_bind = lambda *_, **__: connection
        add(db.session, "alice", commit=False)
        with pytest.raises(AssertionError, match="on a connection of its own; " + re.escape(CURE)):
            RenewalClient(app).login("alice")
        db.session.remove()
