"""Ending sessions, asked without HTTP: one, the others, and nobody else's."""

import pytest
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.ground.errors import SessionNotFoundError, SessionOverError
from flask_renewal.identity.sessions.ending import LONGEST_ID
from flask_renewal.identity.sessions.sessions import Sessions


@pytest.fixture
def sessions(host: Flask) -> Sessions:
    return services_of(host).sessions


def test_all_but_one_are_ended(host: Flask, sessions: Sessions) -> None:
    kept, *others = [sign_in(host).session for _ in range(3)]
    assert sessions.end_others(kept.id, user_id=kept.user_id, reason="test") == len(others)
    assert [session.id for session in sessions.list(kept.user_id)] == [kept.id]


def test_a_session_that_is_over_ends_no_others(host: Flask, sessions: Sessions) -> None:
    ended, living = sign_in(host).session, sign_in(host).session
    sessions.end(ended.id, reason="test")
    with pytest.raises(SessionOverError):
        sessions.end_others(ended.id, user_id=ended.user_id, reason="test")
    assert [session.id for session in sessions.list(living.user_id)] == [living.id]


NO_SESSIONS = ["x" * LONGEST_ID, "x" * (LONGEST_ID + 1), "\u0661", "a\nb", "a\udcff"]


@pytest.mark.parametrize("session_id", NO_SESSIONS, ids=ascii)
def test_what_is_no_session_cannot_be_ended(sessions: Sessions, session_id: str) -> None:
    with pytest.raises(SessionNotFoundError):
        sessions.end(session_id, reason="test")


def test_nobody_ends_the_session_of_another(host: Flask, sessions: Sessions) -> None:
    session = sign_in(host).session
    with pytest.raises(SessionNotFoundError):
        sessions.end(session.id, reason="test", user_id="somebody else")
    sessions.end_own(session.id, user_id="somebody else", reason="test", everywhere=True)
    assert len(sessions.list(session.user_id)) == 1
