"""The log as JSON: one object a line, with who asked; and what finds secrets in any test's log."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import services_of, sign_in
from leaks import leaked
from log_watch import WATCH

from flask_renewal.ground import json_lines

ALICE = {"username": "alice", "password": PASSWORD}
Read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """Return our logger as a process has it at its start; leave it as it was."""
    logger = logging.getLogger("flask_renewal")
    level = logger.level
    logger.setLevel(logging.NOTSET)
    yield logger
    for handler in [each for each in logger.handlers if isinstance(each.formatter, json_lines.JSONLines)]:
        logger.removeHandler(handler)
    logger.propagate = True
    logger.setLevel(level)


@pytest.fixture
def app(logger: logging.Logger, make_app: Callable[..., Flask]) -> Flask:
    return make_app(RENEWAL_LOG_JSON=True)


@pytest.fixture
def read(capfd: pytest.CaptureFixture[str]) -> Read:
    """Return what reads the lines that have been written since."""
    return lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_each_event_is_one_object(client: FlaskClient, read: Read) -> None:
    client.post("/auth/register", json=ALICE, headers={"X-Request-ID": "b7d1"})
    started, registered = read()
    assert (registered["event"], registered["logger"]) == ("user-registered", "flask_renewal")
    assert (started["event"], started["level"], started["address"]) == ("session-started", "INFO", "127.0.0.1")
    assert started["request_id"] == "b7d1"
    assert set(started["facts"]) == {"session", "user_id"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", started["time"])
    assert started["message"].startswith("session-started session=")


@pytest.mark.parametrize("said", ["", "a b", "x" * 129, "caf\u00e9", "\x1b[31m"], ids=ascii)
def test_a_request_id_that_is_long_or_not_printable_is_left_out(client: FlaskClient, read: Read, said: str) -> None:
    client.post("/auth/register", json=ALICE, environ_overrides={"HTTP_X_REQUEST_ID": said})
    assert all("request_id" not in line for line in read())


def test_the_address_is_what_the_proxies_say(
    logger: logging.Logger, make_app: Callable[..., Flask], read: Read
) -> None:
    client = make_app(RENEWAL_LOG_JSON=True, RENEWAL_TRUSTED_PROXIES=1).test_client()
    client.post("/auth/register", json=ALICE, headers={"X-Forwarded-For": "203.0.113.7"})
    assert {line["address"] for line in read()} == {"203.0.113.7"}


def test_outside_of_a_request_nobody_asked(app: Flask, read: Read) -> None:
    grant = sign_in(app)
    services_of(app).sessions.end(grant.session.id, reason="test")
    started, ended = read()
    assert ended["facts"] == {**started["facts"], "reason": "test"}
    assert not {"address", "request_id"} & set(ended)


FORGING = 'x"}\r\n{"level": "CRITICAL"}\x1b[31m\u2028' + "y" * 1000


def test_a_client_writes_no_line_of_its_own(client: FlaskClient, read: Read) -> None:
    client.post("/auth/login", json=ALICE, environ_overrides={"HTTP_ORIGIN": FORGING})
    client.post("/auth/login", headers={"Origin": "https://me:hunter2@evil.test"})
    first, second = read()
    assert first["event"] == "untrusted-origin"
    assert first["facts"]["origin"].startswith('x"}\r\n{"level"')
    assert len(first["facts"]["origin"]) <= 201
    assert "hunter2" not in json.dumps(second)


def test_what_is_no_event_has_a_message(app: Flask, read: Read) -> None:
    services_of(app).events.warn_once("odd", "Something is odd")
    [line] = read()
    assert (line["message"], line["code"], line["level"]) == ("Something is odd (odd)", "odd", "WARNING")
    assert not {"event", "facts"} & set(line)


def test_what_was_raised_is_in_the_same_line(logger: logging.Logger, app: Flask, read: Read) -> None:
    try:
        raise PermissionError("not at night")
    except PermissionError:
        logger.exception("a listener failed")
    [line] = read()
    assert line["exception"].endswith("PermissionError: not at night")


def test_two_applications_write_a_line_once(app: Flask, make_app: Callable[..., Flask], read: Read) -> None:
    sign_in(make_app(name="second", RENEWAL_LOG_JSON=True))
    assert len(read()) == 1


def test_the_root_logger_is_left_alone_and_told_nothing(logger: logging.Logger, make_app: Callable[..., Flask]) -> None:
    before = (logging.root.level, list(logging.root.handlers))
    make_app(RENEWAL_LOG_JSON=True)
    assert (logging.root.level, list(logging.root.handlers)) == before
    assert (logger.level, logger.propagate) == (logging.INFO, False)


def test_a_level_that_is_set_stays(logger: logging.Logger, make_app: Callable[..., Flask], read: Read) -> None:
    logger.setLevel(logging.WARNING)
    sign_in(make_app(RENEWAL_LOG_JSON=True))
    assert read() == []


def test_nothing_is_written_unless_it_is_asked_for(logger: logging.Logger, make_app: Callable[..., Flask]) -> None:
    make_app()
    assert (logger.propagate, logger.level) == (True, logging.NOTSET)


def test_every_secret_is_found_in_a_line(app: Flask) -> None:
    grant = sign_in(app)
    keys = (Path(app.instance_path) / "signing_keys.json").read_text()
    assert leaked(f"token {grant.access_token}") == ["an access token"]
    assert leaked(f"cookie='{grant.refresh_token}'") == ["a refresh token"]
    assert leaked(f"keys {keys}") == ["a private key"]
    assert leaked("-----BEGIN EC PRIVATE KEY-----") == ["a private key"]
    assert leaked("user $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA") == ["a hash of a password"]


def test_a_secret_is_found_in_a_line_that_nobody_shows(app: Flask) -> None:
    token = sign_in(app).access_token
    logging.getLogger("flask_renewal").info("let in by %s", token)
    logging.getLogger("flask_renewal.check").warning("%s", "fine", extra={"facts": {"token": token}})
    assert WATCH.leaks == ["an access token", "an access token"]
    WATCH.leaks.clear()


def test_a_request_writes_no_secret(client: FlaskClient, read: Read) -> None:
    token = client.post("/auth/register", json=ALICE).get_json()["access_token"]
    client.get("/auth/me", headers=bearer(token[:-4] + "AAAA"))
    client.post("/auth/refresh")
    client.post("/auth/logout")
    assert leaked(json.dumps(read())) == []


@pytest.mark.parametrize("how", ["hidden", "shown"])
def test_a_secret_in_the_log_of_a_process_that_a_test_starts_is_found(app: Flask, elsewhere: Path, how: str) -> None:
    level = logging.INFO if how == "hidden" else logging.ERROR
    says = f"import logging; logging.getLogger('flask_renewal').log({level}, 'token %s', '{sign_in(app).access_token}')"
    done = subprocess.run([sys.executable, "-c", says], capture_output=True, text=True, check=True)
    found, _ = elsewhere.read_text(), os.truncate(elsewhere, 0)
    assert found.startswith(f"an access token, by {sys.executable} -c import logging")
    assert ("token" in done.stderr) is (how == "shown")
