"""What a host does with its users' sessions in Python: list them, look at one, end them."""

import pytest
from conftest import Clock
from flask import Flask
from hosts import sign_in

from flask_renewal import Renewal, errors


@pytest.fixture
def renewal() -> Renewal:
    """Its verbs are about the application at hand, whichever it has set up."""
    return Renewal()


def test_sessions_are_listed_newest_use_first(host: Flask, renewal: Renewal, clock: Clock) -> None:
    first = sign_in(host).session
    clock.tick(seconds=1)
    second = sign_in(host).session
    sign_in(host, "bob")
    with host.app_context():
        assert [session.id for session in renewal.sessions(first.user_id)] == [second.id, first.id]


def test_a_session_is_there_while_it_lives(host: Flask, renewal: Renewal, clock: Clock) -> None:
    session = sign_in(host).session
    with host.app_context():
        assert renewal.session(session.id).user_id == session.user_id
        clock.tick(days=31)
        with pytest.raises(errors.SessionNotFoundError):
            renewal.session(session.id)


@pytest.mark.parametrize(
    "typed", ["", "nobody", "x" * 33, "\0", "é"], ids=["empty", "unknown", "long", "nul", "accent"]
)
def test_what_is_no_session_is_not_found(host: Flask, renewal: Renewal, typed: str) -> None:
    with host.app_context():
        for ask in (renewal.session, renewal.end_session):
            with pytest.raises(errors.SessionNotFoundError):
                ask(typed)


def test_a_session_that_the_host_ends_is_over_and_says_so(host: Flask, renewal: Renewal) -> None:
    grant = sign_in(host)
    with host.app_context():
        renewal.end_session(grant.session.id)
        assert renewal.sessions(grant.session.user_id) == []
    answer = host.test_client().get("/access_required", headers={"Authorization": f"Bearer {grant.access_token}"})
    assert answer.get_json()["code"] == "session_ended"
    with host.app_context(), pytest.raises(errors.SessionEndedError) as refused:
        host.extensions["flask-renewal"].sessions.refresh(grant.refresh_token, None)
    assert refused.value.reason == "ended_by_host"


def test_all_sessions_of_a_user_end_but_one(host: Flask, renewal: Renewal) -> None:
    sessions = [sign_in(host).session for _ in range(3)]
    with host.app_context():
        assert renewal.end_sessions(sessions[0].user_id, but=sessions[1].id) == 2
        assert [session.id for session in renewal.sessions(sessions[0].user_id)] == [sessions[1].id]
        assert renewal.end_sessions(sessions[0].user_id) == 1
