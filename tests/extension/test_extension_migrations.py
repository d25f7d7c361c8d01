"""A host makes our tables by its own `flask db migrate` and `flask db upgrade`, on every engine, more than once."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from empty_databases import ENGINES, empty_database
from sqlalchemy import MetaData, create_engine, inspect, text
from warm import Python

from flask_renewal.stores.session_table import TABLE, session_table

HOST = """
    import os
    from flask import Flask
    from flask_migrate import Migrate
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    app = Flask(__name__, instance_path=os.getcwd())
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE"]
    db = SQLAlchemy(app, model_class=Base)
    Migrate(app, db)

    class Note(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)
"""
ADOPTED = """
    from flask_renewal import Renewal, UserMixin

    class Member(UserMixin, db.Model):
        pass

    Renewal(app, db=db, user_model=Member)
"""
FIRST_RELEASE = {
    *("id", "user_id", "created_at", "authenticated_at", "expires_at", "remember", "superseded", "current", "next"),
    *("rotated_at", "last_used_at", "idle_expires_at", "ended_at", "ended_reason", "device", "user_agent"),
}
"""The columns that a session had in it."""

Flask = Callable[..., str]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return empty_database(request.param, request, tmp_path)


@pytest.fixture
def flask(python: Python, url: str, tmp_path: Path) -> Flask:
    """Return what runs a command of a host that has migrated its own tables, and adopts the extension now."""

    def run(*command: str) -> str:
        environ = {**os.environ, "DATABASE": url}
        done = python("-m", "flask", "--app", "app", *command, cwd=tmp_path, env=environ)
        assert done.returncode == 0, done.stderr
        return done.stderr

    (tmp_path / "app.py").write_text(dedent(HOST))
    run("db", "init")
    migrate(run)
    (tmp_path / "app.py").write_text(dedent(HOST) + dedent(ADOPTED))
    return run


def migrate(flask: Flask) -> None:
    flask("db", "migrate")
    flask("db", "upgrade")


def newest_script(folder: Path) -> Path:
    return max((folder / "migrations" / "versions").glob("*.py"), key=lambda path: path.stat().st_mtime_ns)


def test_a_hosts_migration_makes_the_tables_and_a_second_one_finds_nothing_to_do(
    flask: Flask, tmp_path: Path, url: str
) -> None:
    migrate(flask)
    script = newest_script(tmp_path)
    assert "flask_renewal" not in script.read_text()
    assert "drop" not in script.read_text().partition("def upgrade")[2].partition("def downgrade")[0]
    assert "No changes" in flask("db", "migrate")
    assert newest_script(tmp_path) == script
    flask("db", "check")
    leaves_room_in_its_pages(url)
    flask("db", "downgrade")
    flask("db", "upgrade")


def leaves_room_in_its_pages(url: str) -> None:
    if url.startswith("postgresql"):
        with create_engine(url).connect() as connection:
            options = connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'renewal_session'"))
            assert options.scalar() == ["fillfactor=80"]


def test_a_host_of_the_first_release_gets_what_came_later(flask: Flask, tmp_path: Path, url: str) -> None:
    later = {column.name for column in session_table(MetaData()).columns} - FIRST_RELEASE
    flask("db", "migrate")
    script = newest_script(tmp_path)
    script.write_text(re.sub(rf"\n *sa\.Column\('({'|'.join(later)})',.*", "", script.read_text()))
    flask("db", "upgrade")
    assert columns(url) == FIRST_RELEASE
    migrate(flask)
    assert columns(url) == FIRST_RELEASE | later
    assert "No changes" in flask("db", "migrate")


def columns(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return {column["name"] for column in inspect(engine).get_columns(TABLE)}
    finally:
        engine.dispose()
