"""Ids of users: text outside, and whatever the host's column holds inside."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import NOON, PASSWORD, Clock, bearer
from engines import PostgreSQL
from flask import Flask
from flask_jwt_extended import current_user, decode_token
from flask_sqlalchemy import SQLAlchemy
from hosts import services_of
from sqlalchemy import CHAR, BigInteger, DateTime, Integer, Numeric, String, TypeDecorator, Uuid, select, text
from sqlalchemy.dialects import postgresql as dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from statements import statements

from flask_renewal import ConfigurationError, Renewal, UserMixin, access_required
from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.users.sql import SQLUsers
from flask_renewal.stores.sql import session_table
from flask_renewal.testing import RenewalClient

ALICE = {"username": "alice", "password": PASSWORD}
WIDE = BigInteger().with_variant(Integer, "sqlite")


class Reversed(TypeDecorator[str]):
    """Ids that only the host knows how to store."""

    impl = String(32)
    cache_ok = True
    python_type = str

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value and value[::-1]

    process_result_value = process_bind_param


COLUMNS: dict[str, dict[str, Any]] = {
    "text": {"type_": String(32)},
    "text that the model makes": {"type_": String(36), "default": lambda: str(uuid4())},
    "text stored in the host's way": {"type_": Reversed()},
    "whole numbers": {"type_": Integer},
    "large numbers": {"type_": WIDE},
    "UUIDs": {"type_": Uuid},
    "UUIDs that the model makes": {"type_": Uuid, "default": uuid4},
    "UUIDs that are text in Python": {"type_": Uuid(as_uuid=False)},
    "UUIDs in characters": {"type_": Uuid(native_uuid=False)},
}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    try:
        yield server.start(fsync="off")
    finally:
        server.remove()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def uri(request: pytest.FixtureRequest) -> str:
    if request.param == "SQLite":
        return "sqlite:///host.db"
    server: PostgreSQL = request.getfixturevalue("server")
    assert server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public") is not None
    return server.url


def host(folder: Path, uri: str, column: dict[str, Any], clock: Clock | None = None) -> Flask:
    app = Flask("host", instance_path=str(folder))
    app.config.update(SQLALCHEMY_DATABASE_URI=uri, RENEWAL_QUIET_WINDOW=0)

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(app, model_class=Base)

    class Person(UserMixin, db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[Any] = mapped_column(primary_key=True, **column)

    Renewal(app, db=db, user_model=Person, ambient=Ambient(now=clock) if clock else None)
    app.add_url_rule("/own", view_func=access_required()(lambda: {"id": str(current_user.id)}), endpoint="own")
    with app.app_context():
        db.create_all()
    return app


@pytest.fixture(params=COLUMNS)
def app(request: pytest.FixtureRequest, tmp_path: Path, uri: str, clock: Clock) -> Flask:
    return host(tmp_path, uri, COLUMNS[request.param], clock)


def test_an_id_is_the_same_text_everywhere_outside(app: Flask, clock: Clock) -> None:
    RenewalClient(app).login("first")
    client = app.test_client()
    answer = client.post("/auth/register", json=ALICE).get_json()
    clock.tick(minutes=1)
    again = client.post("/auth/refresh").get_json()
    with app.app_context():
        sub = decode_token(answer["access_token"])["sub"]
    own = client.get("/own", headers=bearer(answer["access_token"])).get_json()["id"]
    assert {type(sub), answer["user"]["id"], again["user"]["id"], own} == {str, sub}


def test_a_user_of_any_id_is_disabled_and_deleted(app: Flask) -> None:
    alice = RenewalClient(app).login("alice")
    assert app.test_cli_runner().invoke(args=["users", "add", "bob", "--password-stdin"], input=PASSWORD).exit_code == 0
    app.test_cli_runner().invoke(args=["users", "disable", "alice"])
    alice.assert_ended("account_disabled")
    with app.app_context():
        users = services_of(app).users
        for name in ("alice", "bob"):
            users.delete(users.find_by_name(name).id)  # type: ignore[union-attr]
        assert users.find_by_name("alice") is users.find_by_name("bob") is None


WRITTEN_LIKE_NO_ID = [
    *("", "abc", "1.0", "01", " 1", "1_0", "\u0661", "-0", "+1", str(2**63), "9" * 5000),
    *("\0", "\ud800", "{}", "A" * 36, "0" * 32, "00000000-0000-0000-0000-00000000000A"),
]


def test_what_is_written_like_no_id_is_nobody(app: Flask) -> None:
    with app.app_context():
        users = services_of(app).users
        for wrong in WRITTEN_LIKE_NO_ID:
            assert users.find(wrong) is users.load(wrong) is None, ascii(wrong)
            assert not users.set_password_hash(wrong, "new", read="old")
            users.disable(wrong, now=NOON)
            users.delete(wrong)


ONE_STATEMENT = [name for name in COLUMNS if name != "text stored in the host's way"]


@pytest.mark.parametrize("kind", ONE_STATEMENT)
def test_a_refresh_reads_the_name_along_with_the_rotation(tmp_path: Path, uri: str, clock: Clock, kind: str) -> None:
    app = host(tmp_path, uri, COLUMNS[kind], clock)
    alice = RenewalClient(app).login("alice")
    clock.tick(minutes=1)
    with statements(app) as sent:
        assert alice.refresh().get_json()["user"]["username"] == "alice"
    assert [statement.split()[0] for statement in sent if "renewal_session" in statement or "person" in statement] == [
        "UPDATE"
    ]


@pytest.mark.parametrize("number", [0, -7, 10**18, 9 * 10**18, 2**63 - 1])
def test_numbers_of_any_size_are_ids(tmp_path: Path, uri: str, clock: Clock, number: int) -> None:
    app = host(tmp_path, uri, {"type_": WIDE}, clock)
    alice = RenewalClient(app).login("alice")
    write(app, f"UPDATE person SET id = {number}", f"UPDATE renewal_session SET user_id = '{number}'")
    clock.tick(minutes=1)
    assert alice.refresh().get_json()["user"] == {"id": str(number), "username": "alice"}


def test_a_session_of_an_id_that_is_none_is_refused(app: Flask, clock: Clock) -> None:
    for wrong in ("abc", "1x", "9" * 19, "9" * 40, "00000000-0000-0000-0000-00000000000g", "é"):
        alice = RenewalClient(app).login("alice")
        write(app, f"UPDATE renewal_session SET user_id = '{wrong}' WHERE ended_at IS NULL")
        clock.tick(minutes=1)
        assert alice.refresh().get_json()["code"] == "account_disabled", wrong


def test_a_number_that_comes_back_is_somebody_else(tmp_path: Path, uri: str, clock: Clock) -> None:
    app = host(tmp_path, uri, {"type_": Integer}, clock)
    bob = RenewalClient(app).login("bob")
    token = bob.access_token
    write(app, "DELETE FROM person")
    clock.tick(minutes=1)
    carol = RenewalClient(app).login("carol")
    write(app, "UPDATE person SET id = 1")
    assert carol.get("/auth/me", headers=bearer(str(token))).get_json()["code"] == "session_ended"
    assert bob.refresh().get_json()["code"] == "account_disabled"


@pytest.mark.parametrize("kind", ONE_STATEMENT)
def test_the_index_of_the_ids_finds_the_name(tmp_path: Path, server: PostgreSQL, kind: str) -> None:
    assert server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public") is not None
    app = host(tmp_path, server.url, COLUMNS[kind])
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        users, sessions = services_of(app).users, session_table(db.metadata)
        assert isinstance(users, SQLUsers)
        named = select(users.name_of(sessions)).select_from(sessions)
        told = named.compile(dialect=dialect.dialect(), compile_kwargs={"literal_binds": True})
        db.session.execute(text("SET enable_seqscan = off"))
        plan = "\n".join(db.session.scalars(text(f"EXPLAIN {told}".replace(":", r"\:"))))
    assert re.search(r"person_pkey on person.*\n +Index Cond: \(\(?id\b.* = ", plan), plan


class Opaque(TypeDecorator[Any]):
    impl = CHAR(36)
    cache_ok = True


@pytest.mark.parametrize("column", [Numeric(), Opaque(), DateTime()], ids=lambda column: type(column).__name__)
def test_a_column_whose_ids_cannot_be_told_as_text_stops_the_start(tmp_path: Path, column: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"person\.id is of the type .*, and ids are str, int or UUID"):
        host(tmp_path, "sqlite:///host.db", {"type_": column})


def write(app: Flask, *changes: str) -> None:
    """Change the host's tables behind everybody's back."""
    with app.app_context():
        for change in changes:
            app.extensions["sqlalchemy"].session.execute(text(change))
        app.extensions["sqlalchemy"].session.commit()
