"""What a database does wrong: the cause once in the log, the right code outside, no value of a statement anywhere."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask_migrate import Migrate
from hosts import make_host, sign_in
from ports import free_port
from sqlalchemy import exc, text
from statements import statements

from flask_renewal.ground.errors import StoreRefusedError, StoreUnavailableError
from flask_renewal.stores.causes import LOGGED_EVERY_SECONDS
from flask_renewal.stores.database import Database
from flask_renewal.stores.dialect import Dialect
from flask_renewal.stores.failures import Failures
from flask_renewal.stores.redis import RedisStore
from flask_renewal.testing.parts import services_of
from flask_renewal.testing.store_suite.moves import use

ALICE = {"username": "alice", "password": PASSWORD}
RULE = "CREATE TRIGGER rule BEFORE {what} ON host_user BEGIN SELECT RAISE(ABORT, 'not before May'); END"


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what returns the errors that were logged."""
    return lambda: [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def ask(app: Flask, statement: str) -> None:
    with app.app_context(), app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(text(statement))


def register(app: Flask, **content: str) -> Any:
    return app.test_client().post("/auth/register", json={**ALICE, **content})


def test_a_database_that_is_away_is_503_and_one_line_without_the_password(
    tmp_path: Path, clock: Clock, errors: Callable[[], list[str]]
) -> None:
    url = f"postgresql+psycopg://app:s3cret@127.0.0.1:{free_port()}/app"
    client = make_host(tmp_path / "host", clock, create=False, SQLALCHEMY_DATABASE_URI=url).test_client()
    for _ in range(3):
        assert_problem(client.post("/auth/login", json=ALICE), 503, "store_unavailable")
    [line] = errors()
    assert "refused" in line
    assert "s3cret" not in line


def test_redis_that_is_away_is_told_once_too(errors: Callable[[], list[str]]) -> None:
    store = RedisStore(f"redis://:s3cret@127.0.0.1:{free_port()}/0", prefix="renewal")
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            store.find("one")
    [line] = errors()
    assert "refused" in line
    assert "s3cret" not in line


def test_a_cause_that_stays_is_told_once_a_minute(errors: Callable[[], list[str]]) -> None:
    now = iter([0.0, 1.0, LOGGED_EVERY_SECONDS - 1, LOGGED_EVERY_SECONDS + 1, LOGGED_EVERY_SECONDS + 2])
    failures = Failures(Dialect(), str, now=lambda: next(now))
    counts = []
    for _ in range(5):
        failures.refusal(exc.TimeoutError("no connection is free"))
        counts.append(len(errors()))
    assert counts == [1, 1, 1, 2, 2]


def test_another_cause_is_told_at_once(errors: Callable[[], list[str]]) -> None:
    failures = Failures(Dialect(), str, now=lambda: 0.0)
    for cause in ("one", "another", "one"):
        failures.refusal(exc.TimeoutError(cause))
    assert len(errors()) == 2


def test_only_a_name_that_is_taken_is_told_to_be(host: Flask, errors: Callable[[], list[str]]) -> None:
    ask(host, RULE.format(what="INSERT"))
    body = assert_problem(register(host), 500, "internal_error")
    assert "May" not in body["detail"]
    [line] = errors()
    assert "not before May" in line
    assert "$argon2" not in line


def test_a_taken_name_is_no_error(host: Flask, errors: Callable[[], list[str]]) -> None:
    assert register(host).status_code == 201
    assert_problem(register(host, username="ALICE"), 409, "username_taken")
    assert errors() == []


def test_a_password_that_the_database_refuses_is_in_no_log(host: Flask, caplog: pytest.LogCaptureFixture) -> None:
    token = register(host).get_json()["access_token"]
    ask(host, RULE.format(what="UPDATE"))
    new = {"current_password": PASSWORD, "new_password": "another staple horse battery"}
    answer = host.test_client().put("/auth/password", json=new, headers=bearer(token))
    assert_problem(answer, 500, "internal_error")
    assert "not before May" in caplog.text
    assert "$argon2" not in caplog.text


HASH = "$argon2id$new"
REFUSED: dict[str, Callable[[Any], object]] = {
    "INSERT": lambda services: services.accounts.add("bob", PASSWORD),
    "UPDATE": lambda services: services.users.set_password_hash("id-of-alice", HASH, read="!"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_traceback_shows_the_cause_and_no_value(host: Flask, caplog: pytest.LogCaptureFixture, what: str) -> None:
    sign_in(host)
    ask(host, RULE.format(what=what))
    try:
        REFUSED[what](services_of(host))
    except StoreRefusedError:
        host.logger.exception("it was refused")
    assert "StoreRefusedError: not before May" in caplog.text
    assert "$argon2" not in caplog.text
    assert "[SQL" not in caplog.text


def of_driver(kind: type[exc.DBAPIError], message: str, **values: str) -> exc.DBAPIError:
    return kind("INSERT", values, Exception(message))


def test_whether_there_is_such_a_row_is_asked_only_where_the_database_says_that_there_may_be(host: Flask) -> None:
    def add() -> None:
        raise of_driver(exc.OperationalError, "server closed the connection")

    with host.app_context(), pytest.raises(StoreUnavailableError):
        Database(host.extensions["sqlalchemy"].engine).add_by(add, unless=lambda: pytest.fail("it is asked again"))


def test_what_fails_for_good_is_sent_once(host: Flask) -> None:
    ask(host, "DROP TABLE renewal_session")
    with statements(host) as sent, pytest.raises(StoreUnavailableError):
        services_of(host).store.find("one")
    assert len(sent) == 1


def test_a_use_that_cannot_be_noted_is_told_with_the_cause(host: Flask, errors: Callable[[], list[str]]) -> None:
    session_id = sign_in(host).session.id
    ask(host, "DROP TABLE renewal_session")
    with pytest.raises(StoreUnavailableError):
        services_of(host).store.touch(session_id, use())
    assert "no such table" in errors()[0]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            'null value in column "email"\nDETAIL:  Failing row contains (1, $argon2id$).',
            'null value in column "email"',
        ),
        ("Duplicate entry '$argon2id$' for key 'password'", "Duplicate entry '…' for key 'password'"),
        ("a\x1b[31mforged", "a [31mforged"),
        ("x" * 1000, "x" * 300),
    ],
    ids=["PostgreSQL quotes the row in its second line", "MariaDB quotes the value", "control characters", "long"],
)
def test_the_drivers_words_are_told_without_what_was_to_be_written(message: str, told: str) -> None:
    refusal = Failures(Dialect(), str).refusal(of_driver(exc.IntegrityError, message, hash="$argon2id$"))
    assert str(refusal) == told


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (exc.OperationalError, StoreUnavailableError),
        (exc.InterfaceError, StoreUnavailableError),
        (exc.InternalError, StoreUnavailableError),
        (exc.IntegrityError, StoreRefusedError),
        (exc.ProgrammingError, StoreRefusedError),
        (exc.DataError, StoreRefusedError),
    ],
)
def test_where_trying_again_helps_it_is_503(kind: type[exc.DBAPIError], expected: type[Exception]) -> None:
    assert type(Failures(Dialect(), str).refusal(of_driver(kind, "no"))) is expected


MISSING = [(False, "db.create_all()", "flask db"), (True, "flask db migrate and flask db upgrade", "--app wsgi")]


@pytest.mark.parametrize(("migrates", "command", "others"), MISSING)
def test_where_tables_are_missing_a_command_is_named_that_the_host_has(
    tmp_path: Path, clock: Clock, migrates: bool, command: str, others: str
) -> None:
    app = make_host(tmp_path / "host", clock, create=False)
    if migrates:
        Migrate(app, app.extensions["sqlalchemy"])
    detail = assert_problem(register(app), 503, "store_unavailable")["detail"]
    assert command in detail
    assert others not in detail


@pytest.mark.parametrize(
    ("table", "column", "path"),
    [("host_user", "disabled_at", "/auth/login"), ("renewal_session", "claims", "/auth/register")],
    ids=["which is read", "which is written"],
)
def test_a_column_that_is_missing_is_named(
    host: Flask, errors: Callable[[], list[str]], table: str, column: str, path: str
) -> None:
    ask(host, f"ALTER TABLE {table} DROP COLUMN {column}")
    assert_problem(host.test_client().post(path, json=ALICE), 503, "store_unavailable")
    [line] = errors()
    assert column in line
    assert "ALTER TABLE" in line
