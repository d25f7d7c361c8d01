"""A database that is too old is told so in one sentence, at the start or with the first statement."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD
from engines import MariaDB
from flask import Flask
from hosts import new_database
from sqlalchemy import NullPool, create_engine

from flask_renewal import ConfigurationError, Renewal
from flask_renewal.entrances.check import install_health
from flask_renewal.stores.versions import OLDEST, outdated

REDIS = "redis://127.0.0.1:1/0"


def host(folder: Path, uri: str, **config: Any) -> Flask:
    app = Flask("host", instance_path=str(folder))
    app.config.update(SQLALCHEMY_DATABASE_URI=uri, **config)
    db, member = new_database(app)
    Renewal(app, db=db, user_model=member)
    install_health(app)
    with app.app_context():
        db.create_all()
    return app


@pytest.fixture(scope="module", params=["10.5.29-MariaDB", "5.7.10-log"])
def old_server(request: pytest.FixtureRequest) -> Iterator[MariaDB]:
    """A server that tells this version of itself."""
    server = MariaDB()
    try:
        yield server.start(version=request.param, innodb_flush_log_at_trx_commit="0")
    finally:
        server.remove()


@pytest.mark.parametrize("first", ["register", "login"], ids=["an insertion", "a question"])
@pytest.mark.parametrize("pool", [None, NullPool], ids=["a pool", "no pool"])
def test_a_server_that_is_too_old_refuses_with_the_first_statement(
    tmp_path: Path, old_server: MariaDB, pool: Any, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = host(tmp_path, old_server.url, SQLALCHEMY_ENGINE_OPTIONS={"poolclass": pool} if pool else {})
    client = app.test_client()
    for _ in range(2):
        alice = {"username": "alice", "password": PASSWORD}
        assert_problem(client.post(f"/auth/{first}", json=alice), 500, "internal_error")
    assert client.get("/readyz").status_code == 500
    assert caplog.text.count("database_too_old") == 1
    assert "is too old to keep sessions; use " in caplog.text
    checked = app.test_cli_runner().invoke(args=["renewal", "check"])
    assert (checked.exit_code, "database_too_old" in checked.output) == (1, True)


def test_a_file_that_an_old_library_reads_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3.dbapi2, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(
        ConfigurationError, match=r"database_too_old\): SQLite 3\.34\.1 is too old .* use 3\.35 or newer"
    ):
        host(tmp_path, "sqlite:///host.db")


def test_users_may_be_in_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3.dbapi2, "sqlite_version_info", (3, 34, 1))
    host(tmp_path, "sqlite:///host.db", RENEWAL_STORE=REDIS)


@pytest.mark.parametrize(
    ("version", "is_too_old"), [((9, 6, 24), True), ((10, 0), False), ((17, 2), False), (None, False)], ids=str
)
def test_a_server_is_judged_by_its_version_once_that_is_known(version: Any, is_too_old: bool) -> None:
    dialect = create_engine("postgresql+psycopg://").dialect
    dialect.server_version_info = version
    assert (outdated(dialect) is not None) == is_too_old


def test_the_oldest_versions_are_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()
    for product, version in OLDEST.items():
        assert f"| {product} | {'.'.join(map(str, version))} |" in page
