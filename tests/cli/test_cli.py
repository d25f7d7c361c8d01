"""`flask users …` and `flask sessions …`: one sentence out, an exit code other than 0 on failure."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from answers import away, rows, session_count
from click.testing import Result
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.stores.sql import SQLStore

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command line; a traceback is a failure of the test."""
    runner = app.test_cli_runner()

    def invoke(*words: str, typed: Any = None) -> Result:
        result = runner.invoke(args=list(words), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert "Traceback" not in result.output
        return result

    return invoke


def names(app: Flask) -> list[str]:
    return [row[0] for row in rows(app, "SELECT username FROM renewal_user ORDER BY username")]


def test_a_user_is_added_with_a_password_from_standard_input(app: Flask, run: Run) -> None:
    result = run("users", "add", "Alice", "--password-stdin", typed=PASSWORD + "\n")
    assert (result.exit_code, result.output) == (0, "Added Alice.\n")
    response = app.test_client().post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert response.status_code == 200


def test_a_user_is_added_with_a_password_that_is_asked_for_twice(app: Flask, run: Run) -> None:
    result = run("users", "add", "alice", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert names(app) == ["alice"]


def test_registration_may_be_closed_to_others(make_app: Callable[..., Flask]) -> None:
    app = make_app(name="closed", RENEWAL_REGISTRATION=False)
    result = app.test_cli_runner().invoke(args=["users", "add", "alice", "--password-stdin"], input=PASSWORD)
    assert result.output == "Added alice.\n"


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("alice", "short\n", "at least 12 characters"),
        ("alice", "password1234\n", "one of the first that anybody would try"),
        ("alice", "\n", "password must not be empty"),
        ("alice", "", "password must not be empty"),
        ("alice", "x" * 1025 + "\n", "more than 1024 bytes"),
        ("alice", b"caf\xe9 au lait, s'il vous plait\n", "not UTF-8"),
        ("a\u202eb", PASSWORD, "invisible or control characters"),
        ("a\udcff", PASSWORD, "invisible or control characters"),
        (" ", PASSWORD, "must not be empty"),
        ("ALICE", PASSWORD, "taken"),
    ],
    ids=ascii,
)
def test_a_user_that_cannot_be_is_refused_in_one_sentence(
    app: Flask, run: Run, name: str, password: str | bytes, sentence: str
) -> None:
    if name == "ALICE":
        sign_in(app)
    before = names(app)
    result = run("users", "add", name, "--password-stdin", typed=password)
    assert result.exit_code != 0
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert names(app) == before


def test_of_a_line_without_end_no_more_is_read_than_a_password_can_be(run: Run) -> None:
    endless = BytesIO(b"x" * 1_000_000)
    result = run("users", "add", "alice", "--password-stdin", typed=endless)
    assert "more than 1024 bytes" in result.output
    assert len(endless.read()) > 900_000


def test_disabling_a_user_ends_the_sessions(app: Flask, run: Run) -> None:
    grants = [sign_in(app), sign_in(app)]
    result = run("users", "disable", "ALICE")
    assert (result.exit_code, result.output) == (0, "Disabled ALICE and ended 2 sessions.\n")
    assert session_count(app) == 0
    response = app.test_client().get("/auth/me", headers=bearer(grants[0].access_token))
    assert response.get_json()["code"] == "session_ended"


def test_disabling_a_user_who_has_no_session(app: Flask, run: Run) -> None:
    services_of(app).sessions.end(sign_in(app).session.id, reason="test")
    assert run("users", "disable", "alice").output == "Disabled alice and ended 0 sessions.\n"


@pytest.mark.parametrize(
    "words",
    [("users", "disable"), ("sessions", "list"), ("sessions", "end", "--user")],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["nobody", "' OR 1=1--", "%", "a\udcff"], ids=ascii)
def test_a_user_who_is_not_is_said_so(run: Run, words: tuple[str, ...], name: str) -> None:
    result = run(*words, name)
    assert result.exit_code != 0
    assert result.output.startswith("Error: ")


def test_sessions_are_listed_newest_use_first(app: Flask, run: Run, clock: Clock) -> None:
    old = sign_in(app, origin=Origin(device="phone"))
    clock.tick(minutes=2)
    new = sign_in(app, origin=Origin(user_agent="Mozilla/5.0"))
    result = run("sessions", "list", "alice")
    assert result.output.splitlines() == [
        f"{new.session.id}  last used 2026-01-01 12:02:00Z  Mozilla/5.0",
        f"{old.session.id}  last used 2026-01-01 12:00:00Z  phone",
        "alice has 2 sessions.",
    ]


def test_the_list_shows_no_secret(app: Flask, run: Run) -> None:
    grant = sign_in(app)
    output = run("sessions", "list", "alice").output
    assert grant.session.next not in output
    assert str(grant.refresh_token).rpartition(".")[2] not in output


def test_one_session_is_ended(app: Flask, run: Run) -> None:
    one, other = sign_in(app), sign_in(app)
    result = run("sessions", "end", one.session.id)
    assert (result.exit_code, result.output) == (0, "Ended 1 session.\n")
    statuses = [
        app.test_client().get("/auth/me", headers=bearer(grant.access_token)).status_code for grant in (one, other)
    ]
    assert statuses == [401, 200]


def test_all_sessions_of_a_user_are_ended(app: Flask, run: Run) -> None:
    sign_in(app), sign_in(app), sign_in(app, "bob")
    assert run("sessions", "end", "--user", "alice").output == "Ended 2 sessions.\n"
    assert session_count(app) == 1


@pytest.mark.parametrize("name", ["nothing", "%", "", "a\udcff", "\u0661"], ids=ascii)
def test_a_session_that_is_not_is_said_so(app: Flask, run: Run, name: str) -> None:
    result = run("sessions", "end", name)
    assert result.exit_code != 0
    assert result.output == "Error: There is no such session.\n"


@pytest.mark.parametrize("words", [(), ("x", "--user", "alice")], ids=["neither", "both"])
def test_ending_needs_a_session_or_a_user(run: Run, words: tuple[str, ...]) -> None:
    result = run("sessions", "end", *words)
    assert result.exit_code == 2
    assert "Give either a session id or --user NAME." in result.output


def test_purging_deletes_what_is_over_and_nothing_else(app: Flask, run: Run, clock: Clock) -> None:
    for _ in range(3):
        sign_in(app)
    clock.tick(days=8)
    living = sign_in(app)
    over = len(rows(app, "SELECT id FROM renewal_session")) - 1
    assert run("sessions", "purge").output == f"Purged {over} session{'' if over == 1 else 's'}.\n"
    assert rows(app, "SELECT id FROM renewal_session") == [(living.session.id,)]


def test_an_ended_session_stays_until_it_would_have_expired(app: Flask, run: Run, clock: Clock) -> None:
    services_of(app).sessions.end(sign_in(app).session.id, reason="test")
    assert run("sessions", "purge").output == "Purged 0 sessions.\n"
    clock.tick(days=7)
    assert run("sessions", "purge").output == "Purged 1 session.\n"


@pytest.mark.parametrize(
    ("verb", "words"), [("list", ("list", "alice")), ("end", ("end", "--user", "alice")), ("purge", ("purge",))]
)
def test_a_store_that_is_away_is_said_so(
    app: Flask, run: Run, monkeypatch: Any, verb: str, words: tuple[str, ...]
) -> None:
    sign_in(app)
    for name in (verb, "count"):
        monkeypatch.setattr(SQLStore, name, away, raising=False)
    result = run("sessions", *words)
    assert (result.exit_code, result.output) == (1, "Error: Sessions cannot be reached just now.\n")


@pytest.mark.parametrize("group", ["users", "sessions", "keys", "renewal"])
def test_a_group_explains_itself(run: Run, group: str) -> None:
    assert "Commands:" in run(group, "--help").output
