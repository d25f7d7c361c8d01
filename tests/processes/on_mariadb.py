"""Servers on a MariaDB database of their own."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engines import MariaDB
from on_postgresql import Serve, migrate, serving_on
from servers import UNHURRIED


@pytest.fixture(scope="module")
def migrated_mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    server = MariaDB()
    try:
        server.start()
        migrate(server.url, tmp_path_factory.mktemp("migrating"))
        yield server
    finally:
        server.remove()


@pytest.fixture
def mariadb(migrated_mariadb: MariaDB) -> MariaDB:
    assert migrated_mariadb.sql("DELETE FROM renewal_session; DELETE FROM renewal_user") is not None
    return migrated_mariadb


@pytest.fixture
def serve_on_mariadb(mariadb: MariaDB, tmp_path: Path) -> Serve:
    """Return what starts gunicorn with two workers on the database; all of them share one signing key."""
    settings: dict[str, Any] = {**UNHURRIED, "SQLALCHEMY_DATABASE_URI": mariadb.url}
    return partial(serving_on, tmp_path, settings)
