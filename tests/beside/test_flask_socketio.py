"""Beside Flask-SocketIO: a ticket lets in whose session lives, and whose session has ended hears no more."""

from collections.abc import Callable
from typing import Any

from beside import beside, extension, orders
from conftest import bearer
from flask import Flask
from flask_jwt_extended import current_user, get_jwt
from hosts import services_of, sign_in
from itsdangerous import BadData, URLSafeTimedSerializer

from flask_renewal import Grant, access_required, errors, signals

socketio = extension("flask_socketio")

TICKETS = URLSafeTimedSerializer("a secret of the host's own", salt="socket")


def set_up(app: Flask) -> None:
    sockets = app.extensions["sockets"] = socketio.SocketIO(app, async_mode="threading")
    app.add_url_rule("/ticket", "ticket", access_required()(lambda: {"ticket": TICKETS.dumps(get_jwt()["sid"])}))

    @sockets.on("connect")
    def connect(auth: Any) -> None:
        try:
            session_id = TICKETS.loads(auth["ticket"], max_age=30)
            services_of(app).sessions.living(session_id)
        except (KeyError, TypeError, BadData, errors.SessionNotFoundError) as error:
            raise socketio.ConnectionRefusedError("ticket_invalid") from error
        socketio.join_room(session_id)

    sockets.on("name")(access_required()(lambda: socketio.emit("name", current_user.username)))
    sockets.on_error_default(lambda error: socketio.emit("refused", type(error).__name__))


def ticket(app: Flask, grant: Grant) -> Any:
    return app.test_client().get("/ticket", headers=bearer(grant.access_token)).get_json()


def connected(app: Flask, auth: Any, token: str = "") -> Any:
    sockets = app.extensions["sockets"]
    return sockets.test_client(app, auth=auth, headers=bearer(token), flask_test_client=app.test_client())


@orders
def test_a_ticket_lets_in_whose_session_lives(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    grant = sign_in(app)
    good = ticket(app, grant)
    assert connected(app, good).is_connected()
    assert not [auth for auth in (None, {}, {"ticket": ""}, {"ticket": 7}) if connected(app, auth).is_connected()]
    services_of(app).sessions.end(grant.session.id, reason="test")
    assert not connected(app, good).is_connected()


@orders
def test_whose_session_ends_hears_no_more(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    grant, sockets = sign_in(app), app.extensions["sockets"]
    client = connected(app, ticket(app, grant))

    def close(sender: Flask, session: Any, **_: Any) -> None:
        sockets.close_room(session.id, namespace="/")

    with signals.session_ended.connected_to(close, app):
        sockets.emit("news", to=grant.session.id)
        services_of(app).sessions.end(grant.session.id, reason="test")
        sockets.emit("news", to=grant.session.id)
    assert [heard["name"] for heard in client.get_received()] == ["news"]


@orders
def test_an_event_may_be_guarded_by_the_header_of_the_handshake(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    grant = sign_in(app)
    client = connected(app, ticket(app, grant), grant.access_token)
    client.emit("name")
    services_of(app).sessions.end(grant.session.id, reason="test")
    client.emit("name")
    assert [heard["args"] for heard in client.get_received()] == [["alice"], ["RevokedTokenError"]]
