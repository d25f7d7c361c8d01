"""A refresh, asked without HTTP: one gets the next token, and what was followed long ago ends the session."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from conftest import Clock
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.ground.errors import RefreshTokenReusedError, SessionEndedError
from flask_renewal.identity.sessions.sessions import Sessions
from flask_renewal.stores.base import Session, Swap


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


def test_who_is_overtaken_by_many_tabs_is_answered(
    adopt: Callable[..., Flask], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = adopt(RENEWAL_QUIET_WINDOW=0)
    first, store, tries = str(sign_in(host).refresh_token), services_of(host).store, count()
    rotate = store.rotate

    def overtaken(swap: Swap) -> Session | None:
        if next(tries) < 20:
            assert rotate(replace(swap, fresh=services_of(host).ambient.new_id())) is not None
            clock.tick(seconds=1)
        return rotate(swap)

    monkeypatch.setattr(store, "rotate", overtaken)
    with host.test_request_context():
        assert services_of(host).sessions.refresh(first, None).refresh_token is not None
    assert next(tries) == 21
