"""What every test may use: an application on a real SQLite file, with a clock of its own."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pymysql
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hosts import make_host
from proving import Site
from servers import PASSWORD
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from turns import turn

from flask_renewal import create_app
from flask_renewal.ground.ambient import Ambient
from flask_renewal.testing import Clock

pytest_plugins = ("log_watch", "reading", "refreshing", "shared_servers", "warm")
NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
MOST_WORKERS = 4
"""Each may start browsers and servers of its own."""
LONG = ("browser", "client", "docs", "processes", "proof", "recipes", "stores", "users")
"""The folders whose files take long."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run a single file in this process, which starts sooner; else have a worker more than cores: many tests wait."""
    files = {argument.partition("::")[0] for argument in config.args}
    alone = len(files) == 1 and files.pop().endswith(".py")
    return 0 if alone else min(len(os.sched_getaffinity(0)) + 1, MOST_WORKERS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long files begin first: a worker has a file to itself, and should not begin one when the others are done."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


_connected: list[ConnectionPoolEntry] = []
_detached: list[DBAPIConnection] = []


@event.listens_for(Pool, "connect")
def _remember(_connection: object, entry: ConnectionPoolEntry) -> None:
    _connected.append(entry)


@event.listens_for(Pool, "detach")
def _remember_detached(connection: DBAPIConnection, _entry: object) -> None:
    _detached.append(connection)


def close_databases() -> None:
    """Close every connection, whoever opened it; an engine that is used again connects again."""
    while _connected:
        _connected.pop().invalidate()
    while _detached:
        with suppress(pymysql.Error):  # which minds to be told twice
            _detached.pop().close()


@pytest.fixture(autouse=True)
def _close_databases() -> Iterator[None]:
    """Leave no connection to a database open: since Python 3.13 SQLite warns of each."""
    yield
    close_databases()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file as a first start leaves it; that start is tested elsewhere, not before every test."""
    folder = tmp_path_factory.mktemp("migrated")
    create_app(instance_path=folder)
    close_databases()
    return folder / "flask-renewal.db"


@pytest.fixture
def make_app(tmp_path: Path, clock: Clock, migrated: Path) -> Callable[..., Flask]:
    """Return a function that makes an application with the settings given as keyword arguments."""

    def make(*, name: str = "instance", ambient: Ambient | None = None, **config: Any) -> Flask:
        folder = tmp_path / name
        if not folder.exists():
            folder.mkdir(mode=0o700)
            shutil.copy(migrated, folder)
        return create_app(config, instance_path=folder, ambient=ambient or Ambient(now=clock))

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def adopt(tmp_path: Path, clock: Clock) -> Callable[..., Flask]:
    """Return a function that makes a host, with the settings given as keyword arguments, which adopts the extension."""
    return lambda **options: make_host(tmp_path / "instance", clock, **options)


@pytest.fixture
def host(adopt: Callable[..., Flask]) -> Flask:
    return adopt()


@pytest.fixture
def make_site(tmp_path: Path, clock: Clock) -> Callable[..., Site]:
    """Return a function that makes a host which proves who people are, with the settings given."""
    return lambda **config: Site(tmp_path / "site", clock, **config)


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def login(client: FlaskClient) -> dict[str, Any]:
    """Register alice with `client`; return the token response."""
    response = client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    assert response.status_code == 201, response.text
    return response.get_json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
