"""The tables of the standalone application: found, made, and one process at a time at them."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from flask_renewal import ConfigurationError, create_app
from flask_renewal.standalone.models import db
from flask_renewal.standalone.schema import LATEST, locked, revision


def test_tables_of_a_later_version_stop_the_start_with_one_sentence(tmp_path: Path) -> None:
    app = create_app(instance_path=tmp_path)
    with app.app_context(), locked(db.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    with pytest.raises(ConfigurationError, match=r"^SQLALCHEMY_DATABASE_URI names a SQLite file"):
        create_app(instance_path=tmp_path)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:////nowhere/at/all.db", "SQLALCHEMY_DATABASE_URI names a SQLite file"),
        ("no url", "SQLALCHEMY_DATABASE_URI is no URL"),
        ("nosuch://host/database", "SQLALCHEMY_DATABASE_URI is no URL"),
        ("postgresql+pg8000://host/database", "SQLALCHEMY_DATABASE_URI asks for the module pg8000"),
    ],
)
def test_a_url_that_leads_nowhere_stops_the_start_with_one_sentence(tmp_path: Path, url: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{sentence}"):
        create_app({"SQLALCHEMY_DATABASE_URI": url}, instance_path=tmp_path)


def test_the_table_whose_revisions_are_ours_has_no_other_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^RENEWAL_TABLE .* leave it unset"):
        create_app({"RENEWAL_TABLE": "logins"}, instance_path=tmp_path)


def test_a_database_without_tables_has_no_revision(app: Flask) -> None:
    with app.app_context():
        assert revision(db.engine) == LATEST
    empty = create_engine("sqlite://")
    assert revision(empty) is None
    empty.dispose()


def test_what_fails_in_the_middle_has_not_happened(app: Flask) -> None:
    def fail() -> None:
        with locked(db.engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
            raise LookupError

    with app.app_context():
        with pytest.raises(LookupError):
            fail()
        assert revision(db.engine) == LATEST
