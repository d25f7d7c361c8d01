"""Stores that are away, lack tables, or go by another clock."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock
from engines import PostgreSQL, Redis
from findings import found, worst
from flask import Flask
from sqlalchemy import text

from flask_renewal import Renewal
from flask_renewal.entrances.check import Level, review
from flask_renewal.ground.ambient import Ambient
from flask_renewal.standalone.models import db

Make = Callable[..., Flask]


WHAT_IS_MISSING = {
    "renewal_session": "It lacks device: nobody can sign in.",
    "renewal_user": "It is not there: what needs it fails.",
}


def test_a_missing_table_and_a_missing_column_are_found(make_app: Make) -> None:
    app = make_app()
    with app.app_context():
        db.session.execute(text("ALTER TABLE renewal_session DROP COLUMN device"))
        db.session.execute(text("DROP TABLE renewal_user"))
        db.session.commit()
    for table, what in WHAT_IS_MISSING.items():
        [finding] = found(app, f"table {table}")
        assert (finding.code, finding.what) == ("tables_out_of_date", what)


def test_a_store_that_is_away_is_found(make_app: Make) -> None:
    app = make_app(RENEWAL_STORE="redis://127.0.0.1:1/0")
    assert worst(app, "RENEWAL_STORE") == (Level.ERROR, "")


def test_a_database_that_is_gone_is_found(make_app: Make) -> None:
    app = make_app()
    shutil.rmtree(app.instance_path)
    with app.app_context():
        db.engine.dispose()
    assert worst(app, "SQLALCHEMY_DATABASE_URI") == (Level.ERROR, "")


def test_a_sound_store_on_one_machine_is_noted(make_app: Make) -> None:
    app = make_app()
    assert [finding.code for finding in found(app, "SQLALCHEMY_DATABASE_URI")] == ["sqlite_one_machine"]
    assert [finding for finding in review(app) if finding.subject.startswith(("table", "clock", "RENEWAL_STORE"))] == []


def test_a_host_without_a_database_has_none_to_look_at(tmp_path: Path, clock: Clock, redis_server: Redis) -> None:
    app = Flask("host", instance_path=str(tmp_path))
    app.config["RENEWAL_STORE"] = redis_server.url
    Renewal(app, ambient=Ambient(now=clock))
    assert found(app, "SQLALCHEMY_DATABASE_URI") == []


@pytest.mark.parametrize(
    ("wrong_by", "level", "what"),
    [
        (-14, Level.WARNING, "leave 32 seconds of the quiet window to"),
        (300, Level.ERROR, "more than 15: sessions and tokens go by the store's."),
    ],
)
def test_a_clock_that_differs_from_the_stores_is_found(
    make_app: Make, wrong_by: float, level: Level, what: str
) -> None:
    server = Redis().start()
    try:
        ambient = Ambient(machine=lambda: time.time() + wrong_by)
        [finding] = found(make_app(RENEWAL_STORE=server.url, ambient=ambient), "clock")
        assert (finding.code, finding.level) == ("clock_differs", level)
        assert what in finding.what
    finally:
        server.remove()


def test_a_clock_that_differs_from_a_database_servers_is_found(make_app: Make, postgresql_server: PostgreSQL) -> None:
    ambient = Ambient(machine=lambda: time.time() + 300)
    app = make_app(SQLALCHEMY_DATABASE_URI=postgresql_server.url, ambient=ambient)
    [finding] = found(app, "clock")
    assert (finding.code, finding.level) == ("clock_differs", Level.ERROR)
    assert found(app, "SQLALCHEMY_DATABASE_URI") == [], "it serves more than one machine"
