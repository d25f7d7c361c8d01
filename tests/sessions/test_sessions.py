"""The use cases of sessions, asked without HTTP: listing, finding and naming one's own."""

from functools import partial

import pytest
from conftest import Clock
from flask import Flask
from hosts import services_of, sign_in
from statements import statements

from flask_renewal.ground.errors import SessionNotFoundError
from flask_renewal.identity.sessions.sessions import Sessions


@pytest.fixture
def sessions(host: Flask) -> Sessions:
    return services_of(host).sessions


def test_living_sessions_are_listed_newest_use_first(host: Flask, sessions: Sessions, clock: Clock) -> None:
    old, ended = sign_in(host).session, sign_in(host).session
    clock.tick(minutes=2)
    new = sign_in(host).session
    sessions.end(ended.id, reason="test")
    assert [session.id for session in sessions.list(old.user_id)] == [new.id, old.id]


def test_a_session_that_is_over_is_found_by_its_own_user_alone(host: Flask, sessions: Sessions) -> None:
    session = sign_in(host).session
    sessions.end(session.id, reason="test")
    assert sessions.find(session.id, user_id=session.user_id).id == session.id
    for session_id, user_id in ((session.id, "somebody else"), ("nothing", session.user_id)):
        with pytest.raises(SessionNotFoundError):
            sessions.find(session_id, user_id=user_id)


def test_a_device_gets_its_name_from_its_own_user_alone(host: Flask, sessions: Sessions) -> None:
    session = sign_in(host).session
    assert sessions.rename(session.id, user_id=session.user_id, device="Phone").device == "Phone"
    with pytest.raises(SessionNotFoundError):
        sessions.rename(session.id, user_id="somebody else", device="Stolen")


@pytest.mark.parametrize("typed", ["x" * 33, "a\0b", "é"], ids=["long", "nul", "accent"])
def test_what_is_no_id_is_nobodys_session_and_not_shown_to_the_database(host: Flask, typed: str) -> None:
    sessions = services_of(host).sessions
    with host.app_context(), statements(host) as made:
        for ask in (sessions.find, partial(sessions.rename, device="Phone"), partial(sessions.end, reason="test")):
            with pytest.raises(SessionNotFoundError):
                ask(typed, user_id="id-of-alice")
    assert made == []
