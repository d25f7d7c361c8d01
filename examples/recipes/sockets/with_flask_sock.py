"""A WebSocket that is told when its session ends, by Flask-Sock."""

import json

from flask import Flask
from flask_sock import Sock

from flask_renewal import Renewal, errors


def add_socket(app: Flask, renewal: Renewal) -> None:
    """Add `/live`, whose first message is an access token."""
    sock = Sock(app)

    @sock.route("/live")
    def live(socket):
        try:
            connection = renewal.connect(socket.receive(timeout=10) or "")
        except errors.RenewalError as error:
            tell_over(socket, error.code)
            return
        socket.send(json.dumps({"welcome": connection.user_id}))
        while not connection.is_over():
            message = socket.receive(timeout=1)  # seconds: less than RENEWAL_REVOCATION_DELAY
            if message is not None:
                socket.send(json.dumps({"said": f"{connection.user_id} said {message}"}))
        tell_over(socket, "session_ended")


def tell_over(socket, code: str) -> None:
    """Say why it is over, and wait until the page has closed the socket, so that nothing runs into the message."""
    socket.send(json.dumps({"over": code}))
    while socket.receive(timeout=10) is not None:
        pass
