"""Two workers of one deployment: what one ends the other has to hear of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock, bearer
from flask import Flask
from hosts import make_host, services_of

from flask_renewal import Grant

Workers = Callable[..., tuple[Flask, Flask]]


@pytest.fixture
def workers(tmp_path: Path, clock: Clock) -> Workers:
    """Return a function that makes two workers on one database."""

    def make(**config: Any) -> tuple[Flask, Flask]:
        folder = tmp_path / "shared"
        return make_host(folder, clock, **config), make_host(folder, clock, **config)

    return make


def status(app: Flask, grant: Grant) -> int:
    return app.test_client().get("/access_required", headers=bearer(grant.access_token)).status_code


def end(app: Flask, grant: Grant) -> None:
    services_of(app).sessions.end(grant.session.id, reason="test")
