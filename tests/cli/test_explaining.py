"""`flask sessions explain`: the life of a session in words, and why it is over."""

import json
from collections.abc import Callable

import pytest
from command_line import Run, command_line
from conftest import Clock
from flask import Flask
from hosts import services_of, sign_in
from sqlalchemy import text

from flask_renewal.identity.sessions.causes import CAUSES
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.standalone.models import db


@pytest.fixture
def run(app: Flask) -> Run:
    return command_line(app)


def test_the_life_of_a_living_session_is_told(app: Flask, run: Run, clock: Clock) -> None:
    session = sign_in(app, origin=Origin(device="phone")).session
    clock.tick(minutes=2)
    grant = services_of(app).sessions.refresh(str(sign_in(app).refresh_token), None)
    assert run("sessions", "explain", session.id).output.splitlines() == [
        f"{session.id}, of alice on phone",
        "  begun 2026-01-01 12:00:00Z, to be kept when the browser closes",
        "  last used 2026-01-01 12:00:00Z",
        "  refresh token last changed never",
        "  lives: over 2026-01-08 12:00:00Z if nobody uses it, and 2026-01-31 12:00:00Z at the latest",
    ]
    assert "refresh token last changed 2026-01-01 12:02:00Z" in run("sessions", "explain", grant.session.id).output


def test_a_session_that_ends_with_the_browser_and_has_no_latest_end_is_told_so(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(name="unlimited", RENEWAL_SESSION_LIFETIME=None)
    session = sign_in(app, origin=Origin(remember=False)).session
    told = command_line(app)("sessions", "explain", session.id).output.splitlines()
    assert told[:2] == [
        f"{session.id}, of alice on an unknown device",
        "  begun 2026-01-01 12:00:00Z, to end with the browser",
    ]
    assert told[-1] == "  lives: over 2026-01-02 00:00:00Z if nobody uses it"


def test_who_proved_it_was_them_since_and_has_a_browser_without_a_name_is_told_so(
    app: Flask, run: Run, clock: Clock
) -> None:
    session = sign_in(app, origin=Origin(user_agent="Mozilla/5.0")).session
    assert "was last proved" not in run("sessions", "explain", session.id).output
    clock.tick(minutes=2)
    with app.app_context():
        services_of(app).sessions.confirm_for(session.id)
    told = run("sessions", "explain", session.id).output
    assert told.startswith(f"{session.id}, of alice on Mozilla/5.0\n")
    assert "\n  who it is was last proved 2026-01-01 12:02:00Z\n" in told


@pytest.mark.parametrize("reason", ["password_changed", "reuse", "logout"])
def test_why_and_when_a_session_was_ended_is_told_with_what_to_do(
    app: Flask, run: Run, clock: Clock, reason: str
) -> None:
    session = sign_in(app).session
    clock.tick(hours=1)
    services_of(app).sessions.end(session.id, reason=reason)
    told = run("sessions", "explain", session.id).output
    assert f"  over since 2026-01-01 13:00:00Z: {reason}\n  {CAUSES[reason].happened}\n" in told
    assert told.endswith(f"  What to do: {CAUSES[reason].advice}\n")


def test_what_ended_by_itself_is_told(app: Flask, run: Run, clock: Clock) -> None:
    session = sign_in(app).session
    clock.tick(days=8)
    assert "  over since 2026-01-08 12:00:00Z: idle\n" in run("sessions", "explain", session.id).output


def test_a_reason_that_nobody_knows_is_told_as_it_is(app: Flask, run: Run) -> None:
    session = sign_in(app).session
    services_of(app).sessions.end(session.id, reason="flood")
    assert ": flood\n  No cause is written down" in run("sessions", "explain", session.id).output


def test_an_end_of_which_no_reason_is_written_down_is_told(app: Flask, run: Run) -> None:
    session = sign_in(app).session
    services_of(app).sessions.end(session.id, reason="logout")
    with app.app_context():
        db.session.execute(text("UPDATE renewal_session SET ended_reason = NULL"))
        db.session.commit()
    assert "over since 2026-01-01 12:00:00Z: None\n  No cause is" in run("sessions", "explain", session.id).output


def test_a_session_of_somebody_who_is_no_more_is_told_by_the_id(app: Flask, run: Run) -> None:
    session = sign_in(app).session
    run("users", "delete", "alice")
    told = run("sessions", "explain", session.id).output
    assert told.startswith(f"{session.id}, of the user with the id id-of-alice on ")
    assert ": account_deleted\n" in told


def test_all_sessions_of_a_user_are_told_the_ended_ones_too(app: Flask, run: Run, clock: Clock) -> None:
    ended = sign_in(app).session
    services_of(app).sessions.end(ended.id, reason="logout")
    clock.tick(minutes=1)
    living = sign_in(app).session
    sign_in(app, "bob")
    told = json.loads(run("sessions", "explain", "--user", "alice", "--json").output)["sessions"]
    assert [(session["id"], session["reason"]) for session in told] == [(living.id, None), (ended.id, "logout")]
    assert told[1]["happened"] == CAUSES["logout"].happened
    assert told[1]["ended_at"] == "2026-01-01T12:00:00Z"
    assert told[0]["ended_at"] is told[0]["advice"] is None
    assert {session["user_id"] for session in told} == {"id-of-alice"}


def test_a_user_without_sessions_has_none(app: Flask, run: Run) -> None:
    services_of(app).sessions.end_all(sign_in(app).session.user_id, reason="logout")
    assert "No session" not in run("sessions", "explain", "--user", "alice").output
    assert run("users", "add", "carol", "--password-stdin", typed="correct staple horse battery\n").exit_code == 0
    assert run("sessions", "explain", "--user", "carol").output == "No session of carol is known.\n"


def test_no_secret_is_told(app: Flask, run: Run) -> None:
    session = sign_in(app).session
    assert session.next not in run("sessions", "explain", session.id).output
    assert session.next not in run("sessions", "explain", session.id, "--json").output


@pytest.mark.parametrize("name", ["nothing", "", "a\udcff"], ids=ascii)
def test_a_session_that_is_not_known_is_said_so(run: Run, name: str) -> None:
    result = run("sessions", "explain", name)
    assert (result.exit_code, result.output) == (1, "Error: There is no such session.\n")


@pytest.mark.parametrize("words", [(), ("x", "--user", "alice")], ids=["neither", "both"])
def test_explaining_needs_a_session_or_a_user(run: Run, words: tuple[str, ...]) -> None:
    assert run("sessions", "explain", *words).exit_code == 2
