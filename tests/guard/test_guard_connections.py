"""A connection that outlives its token is told when its session ends, and costs next to no query until then."""

from collections.abc import Callable

import pytest
from conftest import Clock
from flask import Flask
from hosts import sign_in
from statements import statements

from flask_renewal.ground.errors import SessionEndedError, TokenExpiredError, TokenInvalidError
from flask_renewal.guard.connections import Connection, connect
from flask_renewal.stores.base import Ending
from flask_renewal.testing.parts import services_of

Open = Callable[[], Connection]


@pytest.fixture
def open_connection(host: Flask) -> Open:
    """A function that opens a connection of alice, who has just signed in."""

    def open_connection() -> Connection:
        grant = sign_in(host)
        with host.app_context():
            return connect(grant.access_token)

    return open_connection


def end(host: Flask, connection: Connection) -> None:
    with host.app_context():
        services_of(host).sessions.end(connection.session_id, reason="ended_by_user")


def test_a_connection_is_over_when_its_session_has_ended(host: Flask, open_connection: Open, clock: Clock) -> None:
    connection, other = open_connection(), open_connection()
    assert connection.user_id == other.user_id == "id-of-alice"
    clock.tick(minutes=10)
    assert not connection.is_over()
    end(host, connection)
    assert [connection.is_over(), other.is_over()] == [True, False]


def test_what_another_process_ended_is_known_within_the_delay(host: Flask, open_connection: Open, clock: Clock) -> None:
    connection, store = open_connection(), services_of(host).store
    assert not connection.is_over()
    with host.app_context():
        store.end(Ending(reason="logout", now=clock(), session_id=connection.session_id))
    clock.tick(seconds=2)
    assert connection.is_over()


def test_a_connection_outlives_its_token_and_is_over_when_nobody_has_used_its_session(
    open_connection: Open, clock: Clock
) -> None:
    connection = open_connection()
    clock.tick(days=6)
    assert not connection.is_over()
    clock.tick(days=2)
    assert [connection.is_over(), connection.is_over()] == [True, True]


def test_within_the_life_of_a_token_the_session_is_not_read(host: Flask, open_connection: Open, clock: Clock) -> None:
    connection = open_connection()
    clock.tick(minutes=16)
    connection.is_over()
    with statements(host) as sent:
        clock.tick(minutes=14)
        connection.is_over()
        assert not [statement for statement in sent if "id =" in statement]
        clock.tick(minutes=2)
        connection.is_over()
    assert [statement for statement in sent if "id =" in statement]


def test_a_store_that_is_away_ends_no_connection(host: Flask, open_connection: Open, clock: Clock) -> None:
    connection = open_connection()
    clock.tick(minutes=16)
    with host.app_context():
        host.extensions["sqlalchemy"].drop_all()
    assert not connection.is_over()


def test_who_is_not_let_in_is_told_why(host: Flask, open_connection: Open, clock: Clock) -> None:
    token = sign_in(host).access_token
    with host.app_context():
        with pytest.raises(TokenInvalidError):
            connect("x")
        services_of(host).sessions.end(services_of(host).access_tokens.read(token).session_id, reason="logout")
        with pytest.raises(SessionEndedError):
            connect(token)
        clock.tick(minutes=16)
        with pytest.raises(TokenExpiredError):
            connect(token)
