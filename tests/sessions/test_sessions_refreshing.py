"""A refresh, asked without HTTP: one gets the next token, and what was followed long ago ends the session."""

import pytest
from conftest import Clock
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.ground.errors import RefreshTokenReusedError, SessionEndedError
from flask_renewal.identity.sessions.sessions import Sessions


@pytest.fixture
def sessions(host: Flask) -> Sessions:
    return services_of(host).sessions


def test_a_refresh_hands_out_the_next_token_once(host: Flask, sessions: Sessions) -> None:
    first = str(sign_in(host).refresh_token)
    with host.test_request_context():
        second = str(sessions.refresh(first, None).refresh_token)
        assert second not in (first, None)
        assert sessions.refresh(first, None).refresh_token is None


def test_a_token_that_was_followed_long_ago_ends_the_session(host: Flask, sessions: Sessions, clock: Clock) -> None:
    first = str(sign_in(host).refresh_token)
    with host.test_request_context():
        second = str(sessions.refresh(first, None).refresh_token)
        clock.tick(minutes=2)
        sessions.refresh(second, None)
        clock.tick(minutes=2)
        with pytest.raises(RefreshTokenReusedError):
            sessions.refresh(first, None)
        with pytest.raises(SessionEndedError):
            sessions.refresh(second, None)
