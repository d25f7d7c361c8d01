"""Ids of users: text outside, and whatever the host's column holds inside."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import NOON, PASSWORD, Clock, bearer
from empty_databases import ENGINES, empty_database
from engines import MariaDB, PostgreSQL
from flask import Flask
from flask_jwt_extended import decode_token
from hosts import services_of
from id_columns import COLUMNS, WIDE, Reversed, host, write
from sqlalchemy import (
    CHAR,
    DateTime,
    Integer,
    Numeric,
    String,
    TypeDecorator,
    select,
    text,
)
from sqlalchemy.dialects import postgresql as dialect
from statements import statements

from flask_renewal import Account, ConfigurationError
from flask_renewal.identity.users.sql import SQLUsers
from flask_renewal.stores.session_table import session_table
from flask_renewal.testing import RenewalClient

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture(params=ENGINES)
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return empty_database(request.param, request, tmp_path)


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
    *(
        "",
        "abc",
        "1.0",
        "01",
        " 1",
        "1_0",
        "\u0661",
        "-0",
        "+1",
        str(2**15),
        str(2**31),
        str(2**63 - 1),
        str(2**63),
        "9" * 5000,
    ),
    *(str(2**15), str(2**31), str(2**63 - 1), str(2**63), "9" * 5000),
    *("\0", "\ud800", "0" * 32, "00000000-0000-0000-0000-00000000000A"),
]


def test_what_is_written_like_no_id_is_nobody(app: Flask) -> None:
    with app.app_context():
        users = services_of(app).users
        for wrong in WRITTEN_LIKE_NO_ID:
            assert users.find(wrong) is users.load(wrong) is None, ascii(wrong)
            assert not users.set_password_hash(wrong, "new", read="old")
            users.disable(wrong, now=NOON)
            users.delete(wrong)


def test_an_id_is_written_in_one_way(app: Flask) -> None:
    alice = RenewalClient(app).login("alice").get("/auth/me").get_json()["user"]["id"]
    with app.app_context():
        users = services_of(app).users
        assert users.find(alice) is not None
        for other in (f"0{alice}", f" {alice}", f"+{alice}", f"{{{alice}}}", alice.replace("-", "\u2010") + "\n"):
            assert users.find(other) is users.load(other) is None, other


def test_what_the_host_stores_in_its_own_way_is_not_taken_for_an_id(tmp_path: Path, uri: str, clock: Clock) -> None:
    app = host(tmp_path, uri, {"type_": Reversed()}, clock)
    with app.app_context():
        for user_id in ("ab", "ba"):
            account = Account(id=user_id, username=user_id, password_hash="!")
            services_of(app).users.add(account, key=user_id, now=clock())
    client = RenewalClient(app).login("ab")
    clock.tick(minutes=1)
    assert client.refresh().get_json()["user"] == {"id": "ab", "username": "ab"}


OTHERS = "concat('n', seq), concat('n', seq), password_hash, created_at, NULL"
ONE_STATEMENT = [name for name in COLUMNS if name != "text stored in the host's way"]


@pytest.mark.parametrize("kind", ONE_STATEMENT)
def test_a_refresh_reads_the_name_along_with_the_rotation(tmp_path: Path, uri: str, clock: Clock, kind: str) -> None:
    app = host(tmp_path, uri, COLUMNS[kind], clock)
    alice = RenewalClient(app).login("alice")
    clock.tick(minutes=1)
    with statements(app) as sent:
        assert alice.refresh().get_json()["user"]["username"] == "alice"
    began = [statement.split()[0] for statement in sent if "renewal_session" in statement or "person" in statement]
    assert began == (["UPDATE", "SELECT"] if uri.startswith("mysql") else ["UPDATE"])


ALPHABETS = ["latin1", "utf8mb3", "utf8mb4 COLLATE utf8mb4_general_ci", "utf8mb4 COLLATE utf8mb4_nopad_bin"]


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_an_id_is_found_by_its_index_and_exactly_in_whatever_alphabet_a_host_has(
    tmp_path: Path, mariadb_server: MariaDB, clock: Clock, alphabet: str
) -> None:
    app = host(tmp_path, mariadb_server.url, {"type_": String(36), "default": lambda: str(uuid4())}, clock)
    write(app, f"ALTER TABLE person CONVERT TO CHARACTER SET {alphabet}")
    alice = RenewalClient(app).login("alice")
    clock.tick(minutes=1)
    with statements(app) as sent:
        assert alice.refresh().get_json()["user"]["username"] == "alice"
    assert [statement.split()[0] for statement in sent if "renewal_session" in statement] == ["UPDATE", "SELECT"]
    fill = f"INSERT INTO person SELECT left(md5(seq), 36), {OTHERS} FROM seq_1_to_999, person"
    assert mariadb_server.sql(fill) is not None
    reading = sent[-1].split("WHERE renewal_session.id")[0] + "WHERE renewal_session.id = 'x' OR 1 LIMIT 1"
    assert "person\tALL" not in str(mariadb_server.sql(f"EXPLAIN {reading}")), reading
    users = services_of(app).users
    with app.app_context():
        for key in ("Alice", "alicé", "alice ", "日本", "😀"):
            assert users.find_by_name(key) is users.find(key) is None, key
    assert app.test_client().post("/auth/login", json={**ALICE, "username": "日本"}).status_code == 401


def test_a_database_whose_alphabet_lacks_a_character_is_not_asked_for_it(
    tmp_path: Path, postgresql_server: PostgreSQL, caplog: pytest.LogCaptureFixture
) -> None:
    postgresql_server.sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    app = host(tmp_path, f"{postgresql_server.url.rpartition('/')[0]}/latin", {"type_": String(32)})
    client = app.test_client()
    assert client.post("/auth/login", json={**ALICE, "username": "日本"}).status_code == 401
    assert client.post("/auth/register", json={**ALICE, "username": "日本"}).get_json()["code"] == "internal_error"
    assert "lacks a character: make it UTF8" in caplog.text
    assert client.post("/auth/register", json={**ALICE, "username": "José"}).status_code == 201


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
def test_the_index_of_the_ids_finds_the_name(tmp_path: Path, postgresql_server: PostgreSQL, kind: str) -> None:
    app = host(tmp_path, postgresql_server.url, COLUMNS[kind])
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
