"""A host that proves who people are, called by a browser: its views do what a test gives them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from hosts import GUARDS, add_routes
from proving_hosts import ProvingHost
from werkzeug.test import TestResponse

from flask_renewal import access_required


class Site(ProvingHost):
    """Such a host, whom everybody may go on in, with the routes of `hosts.add_routes`."""

    def __init__(self, folder: Path, now: Any, **config: Any) -> None:
        super().__init__(folder, now, loads=False, **{"RENEWAL_QUIET_WINDOW": timedelta(minutes=1), **config})
        self._todo: list[Callable[[], Any]] = []
        for name, guard in GUARDS.items():
            add_routes(self.app, f"/{name}", guard)
        self.app.add_url_rule("/do", "do", self._do, methods=["GET", "POST"])
        self.app.add_url_rule("/do-guarded", "do_guarded", access_required()(self._do), methods=["POST"])

    def _do(self) -> Any:
        return self._todo.pop()()

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def do(self, client: FlaskClient, verb: Callable[[], Any], *, token: str = "", **options: Any) -> TestResponse:
        """Send a request, to a guarded view if there is a token, whose answer is what `verb` returns there."""
        self._todo[:] = [verb]
        if token:
            return client.post("/do-guarded", headers={"Authorization": f"Bearer {token}"}, **options)
        return client.open("/do", **{"method": "POST", **options})
