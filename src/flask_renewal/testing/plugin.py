"""The pytest plugin: an application, a client and a clock.

A project that tests an application of its own overrides `renewal_app` with a fixture that returns it.
"""

from pathlib import Path

import pytest
from flask import Flask

from ..app import create_app
from .client import RenewalClient
from .clock import Clock


@pytest.fixture
def renewal_app(tmp_path: Path) -> Flask:
    """Return the standalone application, on a database of its own; override it to return yours."""
    return create_app({"TESTING": True}, instance_path=tmp_path / "flask-renewal")


@pytest.fixture
def renewal_clock(renewal_app: Flask) -> Clock:
    """Return the application's clock, which stands still."""
    return Clock.of(renewal_app)


@pytest.fixture
def renewal_client(renewal_app: Flask) -> RenewalClient:
    """Return a client of the application: one browser, nobody signed in."""
    return RenewalClient(renewal_app)
