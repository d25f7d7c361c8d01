"""A sign-in, asked without HTTP: it holds while the account is what was proved, and leaves nothing where it is not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import Clock, bearer
from flask import Flask
from hosts import services_of, sign_in

from flask_renewal.ground.errors import InvalidCredentialsError, SessionOverError
from flask_renewal.ground.events import session_ended
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.identity.sessions.sessions import Sessions
from flask_renewal.identity.users.base import Account

ALICE = Account(id="1", username="alice", password_hash="!")


@pytest.fixture
def sessions(host: Flask) -> Sessions:
    return services_of(host).sessions


@pytest.fixture
def account(host: Flask) -> Account:
    services = services_of(host)
    services.users.add(ALICE, key="alice", now=services.ambient.now())
    return ALICE


def test_a_sign_in_ends_what_it_takes_the_place_of(account: Account, sessions: Sessions) -> None:
    first = sessions.start(account, Origin())
    second = sessions.start(account, Origin(), replacing=[str(first.refresh_token), "somebody.elses"])
    assert [session.id for session in sessions.list(account.id)] == [second.session.id]


@pytest.mark.parametrize(
    "proved",
    [replace(ALICE, password_hash="of before"), replace(ALICE, id="nobody")],
    ids=["another password", "nobody"],
)
def test_nothing_is_left_where_the_account_is_another_by_now(
    account: Account, sessions: Sessions, proved: Account
) -> None:
    with pytest.raises(InvalidCredentialsError):
        sessions.start(proved, Origin())
    assert [*sessions.list(account.id), *sessions.list("nobody")] == []


def test_who_may_sign_in_no_more_does_not(host: Flask, account: Account, sessions: Sessions, clock: Clock) -> None:
    services_of(host).users.disable(account.id, now=clock())
    with pytest.raises(InvalidCredentialsError):
        sessions.start(account, Origin())


def test_a_password_that_was_proved_again_gives_a_fresh_token_and_no_refresh_token(
    account: Account, sessions: Sessions, clock: Clock
) -> None:
    session = sessions.start(account, Origin()).session
    clock.tick(minutes=5)
    confirmed = sessions.confirm(session.id, account)
    assert (confirmed.session.authenticated_at, confirmed.refresh_token) == (clock(), None)
    sessions.end(session.id, reason="test")
    with pytest.raises(SessionOverError):
        sessions.confirm(session.id, account)


def test_whoever_is_displaced_is_let_in_no_more_at_once_and_told_of(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(RENEWAL_MAX_SESSIONS_PER_USER=1)
    first, ask = sign_in(app), app.test_client().get
    assert ask("/access_required", headers=bearer(first.access_token)).status_code == 200
    clock.tick(seconds=0.5)  # within which nobody asks the store who has ended
    told: list[tuple[str, str]] = []
    with session_ended.connected_to(lambda app, **facts: told.append((facts["session"].id, facts["reason"]))):
        sign_in(app)
    assert told == [(first.session.id, "displaced")]
    assert ask("/access_required", headers=bearer(first.access_token)).get_json()["code"] == "session_ended"


def test_nothing_is_proved_for_a_session_that_nobody_knows(account: Account, sessions: Sessions) -> None:
    with pytest.raises(SessionOverError):
        sessions.confirm("unknown", account)
