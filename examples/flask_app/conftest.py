"""The application under test, with two members."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from .app import create_app
from .members import Member, db

PASSWORD = "correct staple horse battery"


@pytest.fixture
def renewal_app(tmp_path: Path) -> Iterator[Flask]:
    """Give the fixtures of the test kit this application instead of the standalone one."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'till.db'}"})
    with app.app_context():
        db.session.add(
            Member(email="ann@example.com", password_hash=generate_password_hash(PASSWORD), is_treasurer=True)
        )
        db.session.add(Member(email="bob@example.com", password_hash="nobody has it"))
        db.session.commit()
    yield app
    close(app)


def close(app: Flask) -> None:
    """Close the database: since Python 3.13 SQLite warns of connections that are left open."""
    with app.app_context():
        db.engine.dispose()
