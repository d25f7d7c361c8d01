"""The pytest plugin: an application, a client and a clock.

A project that tests an application of its own overrides `renewal_app` with a fixture that returns it. Pytest imports
this at each start, in every project that shares the environment: what it needs is imported when a fixture is used.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import flask_renewal

from .. import testing

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def renewal_app(tmp_path: Path) -> Iterator["Flask"]:
    """Return the standalone application, on a database of its own; override it to return yours."""
    app = flask_renewal.create_app({"TESTING": True}, instance_path=tmp_path / "flask-renewal")
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def renewal_clock(renewal_app: "Flask") -> "testing.Clock":
    """Return the application's clock, which stands still."""
    return testing.Clock.of(renewal_app)


@pytest.fixture
def renewal_client(renewal_app: "Flask") -> "testing.RenewalClient":
    """Return a client of the application: one browser, nobody signed in."""
    return testing.RenewalClient(renewal_app)
