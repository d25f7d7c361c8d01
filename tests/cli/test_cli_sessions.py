"""`flask sessions …`: one sentence out, an exit code other than 0 on failure."""

from typing import Any

import pytest
from answers import away, rows, session_count
from command_line import Run, command_line
from conftest import Clock, bearer
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.stores.sql import SQLStore


@pytest.fixture
def run(app: Flask) -> Run:
    return command_line(app)


def test_sessions_are_listed_newest_use_first(app: Flask, run: Run, clock: Clock) -> None:
    old = sign_in(app, origin=Origin(device="phone"))
    clock.tick(minutes=2)
    new = sign_in(app, origin=Origin(user_agent="Mozilla/5.0"))
    clock.tick(minutes=2)
    unknown = sign_in(app)
    assert run("sessions", "list", "alice").output.splitlines() == [
        f"{unknown.session.id}  last used 2026-01-01 12:04:00Z  unknown device",
        f"{new.session.id}  last used 2026-01-01 12:02:00Z  Mozilla/5.0",
        f"{old.session.id}  last used 2026-01-01 12:00:00Z  phone",
        "alice has 3 sessions.",
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


@pytest.mark.parametrize("words", [(), ("--dry-run",)], ids=["ended", "looked for"])
@pytest.mark.parametrize("name", ["nothing", "%", "", "a\udcff", "\u0661"], ids=ascii)
def test_a_session_that_is_not_is_said_so(run: Run, name: str, words: tuple[str, ...]) -> None:
    result = run("sessions", "end", name, *words)
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
