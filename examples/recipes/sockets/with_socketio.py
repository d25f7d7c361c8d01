"""Sockets that are told when their session ends, by Flask-SocketIO."""

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as NotLetIn
from flask_socketio import SocketIO

from flask_renewal import Renewal, errors


def add_sockets(app: Flask, renewal: Renewal) -> SocketIO:
    """Let sockets in by an access token, and watch over them."""
    socketio = SocketIO(app, async_mode="threading", cors_allowed_origins=app.config["RENEWAL_TRUSTED_ORIGINS"])
    connections = {}

    @socketio.on("connect")
    def connect(auth):
        try:
            connections[request.sid] = renewal.connect(auth["token"])
        except errors.RenewalError as error:
            raise NotLetIn(error.code) from error

    @socketio.on("disconnect")
    def disconnect(reason=None):
        connections.pop(request.sid, None)

    @socketio.on("say")
    def say(message):
        return f"{connections[request.sid].user_id} said {message}"

    def watch():
        while True:
            socketio.sleep(1)  # seconds: less than RENEWAL_REVOCATION_DELAY
            for sid, connection in list(connections.items()):
                if connection.is_over():
                    socketio.server.disconnect(sid)

    socketio.start_background_task(watch)
    return socketio
