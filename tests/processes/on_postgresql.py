"""Servers on a PostgreSQL database of their own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from engines import PostgreSQL
from servers import UNHURRIED, Server, serving

from flask_renewal import create_app
from flask_renewal.standalone.models import db

Serve = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    try:
        server.start(fsync="off")
        migrate(server.url, tmp_path_factory.mktemp("migrating"))
        yield server
    finally:
        server.remove()


def migrate(url: str, folder: Path) -> None:
    """Make the tables."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url}, instance_path=folder)
    with app.app_context():
        command.upgrade(app.extensions["migrate"].migrate.get_config(), "head")
        db.engine.dispose()


@pytest.fixture
def postgresql(migrated: PostgreSQL) -> PostgreSQL:
    assert migrated.sql("TRUNCATE renewal_session, renewal_user") is not None
    return migrated


@pytest.fixture
def serve(postgresql: PostgreSQL, tmp_path: Path) -> Serve:
    """Return what starts gunicorn with two workers on the database; all of them share one signing key."""
    settings: dict[str, Any] = {**UNHURRIED, "SQLALCHEMY_DATABASE_URI": postgresql.url}
    return partial(serving_on, tmp_path, settings)


def serving_on(folder: Path, settings: dict[str, Any], **more: Any) -> AbstractContextManager[Server]:
    return serving(folder, **{"workers": 2, "application": "host_app", **settings, **more})
