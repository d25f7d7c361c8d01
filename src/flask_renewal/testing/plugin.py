"""The pytest plugin: an application, a client and a clock.

A project that tests an application of its own overrides `renewal_app` with a fixture that returns it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from ..ground.extras import load
from .client import RenewalClient
from .clock import Clock

STANDALONE = "flask_renewal.standalone.app"
"""By name: a host that overrides `renewal_app` needs none of what it needs."""


@pytest.fixture
def renewal_app(tmp_path: Path) -> Iterator[Flask]:
    """Return the standalone application, on a database of its own; override it to return yours."""
    standalone = load(STANDALONE, extra="app", what="The fixture renewal_app")
    app: Flask = standalone.create_app({"TESTING": True}, instance_path=tmp_path / "flask-renewal")
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def renewal_clock(renewal_app: Flask) -> Clock:
    """Return the application's clock, which stands still."""
    return Clock.of(renewal_app)


@pytest.fixture
def renewal_client(renewal_app: Flask) -> RenewalClient:
    """Return a client of the application: one browser, nobody signed in."""
    return RenewalClient(renewal_app)
