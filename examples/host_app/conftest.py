"""The application under test, with somebody in it and a box for its letters."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from flask_renewal.testing import RenewalClient

from .app import create_app
from .people import db

PASSWORD = "correct staple horse battery"
ANN = "Ann.Smith@Example.com"


class Letters(list[tuple[str, str, str]]):
    """What was sent."""

    def link(self) -> str:
        """Return the path of the link in the last one."""
        found = re.search(r"https://circle\.example\.com(\S+)", self[-1][2])
        assert found, self[-1]
        return found[1]


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def renewal_app(tmp_path: Path, letters: Letters) -> Iterator[Flask]:
    """Give the fixtures of the test kit this application instead of the standalone one."""
    config = {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'circle.db'}",
        "SITE": "https://circle.example.com",
        "SECRET_KEY": "only for tests",
    }
    app = create_app(config, deliver=lambda *letter: letters.append(letter))
    app.test_cli_runner().invoke(args=["users", "add", ANN, "--password-stdin"], input=PASSWORD)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def ann(renewal_client: RenewalClient) -> RenewalClient:
    """Somebody who is signed in, and has typed the password just now."""
    return renewal_client.login(ANN, PASSWORD)
