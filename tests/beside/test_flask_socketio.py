"""Beside Flask-SocketIO: a token lets in whose session lives, and events may be guarded."""

from collections.abc import Callable
from typing import Any

from beside import beside, extension, orders
from conftest import bearer
from flask import Flask
from flask_jwt_extended import current_user
from hosts import services_of, sign_in

from flask_renewal import Renewal, access_required, errors

socketio = extension("flask_socketio")
renewal = Renewal()
"""Its verbs are for the application at hand."""


def set_up(app: Flask) -> None:
    sockets = app.extensions["sockets"] = socketio.SocketIO(app, async_mode="threading")

    @sockets.on("connect")
    def connect(auth: Any) -> None:
        try:
            renewal.connect((auth or {}).get("token", ""))
        except errors.RenewalError as error:
            raise socketio.ConnectionRefusedError(error.code) from error

    sockets.on("name")(access_required()(lambda: socketio.emit("name", current_user.username)))
    sockets.on("connect", namespace="/unwary")(access_required()(lambda auth: None))
    sockets.on_error_default(lambda error: socketio.emit("refused", type(error).__name__))


def connected(app: Flask, auth: Any = None, token: str = "", place: str = "/") -> Any:
    sockets, client = app.extensions["sockets"], app.test_client()
    return sockets.test_client(app, auth=auth, headers=bearer(token), flask_test_client=client, namespace=place)


@orders
def test_a_token_lets_in_whose_session_lives(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    grant = sign_in(app)
    assert connected(app, {"token": grant.access_token}).is_connected()
    assert not [auth for auth in (None, {}, {"token": "bad"}) if connected(app, auth).is_connected()]
    services_of(app).sessions.end(grant.session.id, reason="test")
    assert not connected(app, {"token": grant.access_token}).is_connected()


@orders
def test_an_event_may_be_guarded_by_the_header_of_the_handshake(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    grant = sign_in(app)
    client = connected(app, {"token": grant.access_token}, grant.access_token)
    client.emit("name")
    services_of(app).sessions.end(grant.session.id, reason="test")
    client.emit("name")
    assert [heard["args"] for heard in client.get_received()] == [["alice"], ["RevokedTokenError"]]
    assert app.test_client().get("/access_required").status_code == 401


def test_what_a_host_does_with_errors_may_let_in_whom_a_guard_refused(adopt: Callable[..., Flask]) -> None:
    app = beside(adopt, set_up, ours_first=True)
    assert connected(app, place="/unwary").is_connected("/unwary")
