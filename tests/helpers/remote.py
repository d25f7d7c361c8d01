"""An application that signs people in, served on a port, and another one that only verifies what it issues."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from conftest import bearer
from flask import Flask, jsonify
from flask_jwt_extended import current_user, get_jwt_identity, jwt_required
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from flask_renewal import Renewal, access_required
from flask_renewal.ground.ambient import Ambient

SERVICE_KEY = "the key of a service, 32 bytes or more!"


@contextmanager
def served(app: Any, port: int = 0) -> Iterator[str]:
    """Serve an application; the value is its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Service:
    """An application that only verifies."""

    def __init__(self, address: str, now: Any, **config: Any) -> None:
        self.app = Flask("service")
        self.app.config.update({"RENEWAL_ISSUER_URL": address, "RENEWAL_SERVICE_KEYS": [SERVICE_KEY], **config})
        self.renewal = Renewal(self.app, ambient=Ambient(now=now, monotonic=lambda: now().timestamp()))
        for name, guard in (("ours", access_required()), ("theirs", jwt_required())):
            self.app.add_url_rule(f"/{name}", name, guard(self._who))

    def _who(self) -> Any:
        session = self.renewal.current_session
        assert session is not None
        return jsonify(user=get_jwt_identity(), session=session.id, claims=dict(session.claims), same=current_user.id)

    def ask(self, token: str, guard: str = "ours") -> TestResponse:
        return self.app.test_client().get(f"/{guard}", headers=bearer(token))
