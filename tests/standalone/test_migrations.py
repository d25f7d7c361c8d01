"""The tables of the standalone application, from the first revision to the last, with rows in them."""

import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from argon2 import PasswordHasher
from conftest import PASSWORD, Clock
from empty_databases import ENGINES, empty_database
from flask import Flask
from hosts import make_host, services_of
from patience import PATIENCE
from sqlalchemy import MetaData, Table, create_engine, insert, inspect, text

from flask_renewal import create_app
from flask_renewal.standalone.models import db
from flask_renewal.standalone.schema import LATEST, MIGRATIONS, locked, revision

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture(params=ENGINES)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """An application whose database is empty."""
    url = empty_database(request.param, request, tmp_path)
    app = create_app({"SQLALCHEMY_DATABASE_URI": url}, instance_path=tmp_path)
    to_revision(app, "base")
    return app


def to_revision(app: Flask, name: str) -> None:
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config()
        (command.downgrade if name == "base" else command.upgrade)(config, name)


def rows_of_alice() -> dict[str, dict[str, object]]:
    """Return the rows of a user and a session, as the first revision has them."""
    now = datetime.now(timezone.utc)
    names = {"id": "1", "username": "alice", "username_key": "alice"}
    times = dict.fromkeys(("created_at", "authenticated_at", "rotated_at", "last_used_at"), now - timedelta(hours=1))
    ids = {"id": "sid", "user_id": "1", "next": "one", "remember": True, "device": "of before"}
    return {
        "renewal_user": {**names, "password_hash": PasswordHasher().hash(PASSWORD), "created_at": times["created_at"]},
        "renewal_session": {**ids, **times, "idle_expires_at": now + timedelta(days=1)},
    }


def test_migrating_from_first_to_last_keeps_the_rows_and_ends_at_the_models(app: Flask) -> None:
    first, *later = reversed([script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()])
    to_revision(app, first)
    with app.app_context(), db.engine.begin() as connection:
        for table, row in rows_of_alice().items():
            connection.execute(insert(Table(table, MetaData(), autoload_with=connection)), row)
    for name in later:
        to_revision(app, name)
    assert app.test_client().post("/auth/login", json=ALICE).status_code == 200
    assert [session.device for session in services_of(app).sessions.list("1")] == [None, "of before"]
    with app.app_context(), db.engine.connect() as connection:
        assert revision(db.engine) == LATEST
        assert not compare_metadata(MigrationContext.configure(connection, {"compare_type": True}), db.metadata)
        assert {index["name"] for index in inspect(connection).get_indexes("renewal_session")} == {
            "ix_renewal_session_user_id",
            "ix_renewal_session_ended_at",
        }


def test_without_tables_the_readiness_says_what_to_run(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "store_unavailable"
    assert "flask --app wsgi db upgrade" in answer.get_json()["detail"]
    to_revision(app, "head")
    assert app.test_client().get("/readyz").status_code == 200


@pytest.mark.parametrize("app", ["PostgreSQL"], indirect=True)
def test_a_rotation_leaves_room_for_itself_in_the_page(app: Flask) -> None:
    to_revision(app, "head")
    with app.app_context(), db.engine.connect() as connection:
        options = connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'renewal_session'"))
        assert options.scalar() == ["fillfactor=80"]


def test_of_two_that_upgrade_at_once_one_waits_for_the_other(app: Flask) -> None:
    told: list[str] = []

    def second() -> None:
        with app.app_context(), locked(db.engine):
            told.append("second")

    waiting = threading.Thread(target=second)
    with app.app_context(), locked(db.engine):
        waiting.start()
        waiting.join(0.3)
        told.append("first")
    waiting.join(PATIENCE)
    assert told == ["first", "second"]


def test_the_command_upgrades_an_empty_database(tmp_path: Path) -> None:
    wsgi = Path(__file__).parents[2] / "wsgi.py"
    (tmp_path / "wsgi.py").write_text(wsgi.read_text())
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db"]
    for verb in ("upgrade", "check"):
        done = subprocess.run([*command, verb], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_hosts_script_makes_the_tables_and_needs_nothing_of_ours(tmp_path: Path, clock: Clock) -> None:
    metadata = make_host(tmp_path / "instance", clock).extensions["sqlalchemy"].metadata
    with create_engine("sqlite://").connect() as connection:
        wanted = produce_migrations(MigrationContext.configure(connection), metadata)
    script = render_python_code(wanted.upgrade_ops)  # type: ignore[arg-type]
    assert all(f"create_table('{name}'" in script for name in ("renewal_session", "host_user"))
    assert "flask_renewal" not in script
