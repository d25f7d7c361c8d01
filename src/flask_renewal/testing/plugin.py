"""The pytest plugin: an application, a client and a clock.

A project that tests an application of its own overrides `renewal_app` with a fixture that returns it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from ..standalone.app import create_app
from ..standalone.models import db
from .client import RenewalClient
from .clock import Clock


@pytest.fixture
def renewal_app(tmp_path: Path) -> Iterator[Flask]:
    """Return the standalone application, on a database of its own; override it to return yours."""
    app = create_app({"TESTING": True}, instance_path=tmp_path / "flask-renewal")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def renewal_clock(renewal_app: Flask) -> Clock:
    """Return the application's clock, which stands still."""
    return Clock.of(renewal_app)


@pytest.fixture
def renewal_client(renewal_app: Flask) -> RenewalClient:
    """Return a client of the application: one browser, nobody signed in."""
    return RenewalClient(renewal_app)
