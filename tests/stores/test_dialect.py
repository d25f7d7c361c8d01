"""An engine of which nothing is known: users may be there, and are told as on every other; sessions may not."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, exc, select, update
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from flask_renewal.ground.errors import ConfigurationError, StoreUnavailableError
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore


class UnheardOf(SQLiteDialect_pysqlite):
    """SQLite by a name that nobody knows: an engine whose times have no zone."""

    name = "unheardof"
    supports_statement_cache = True


registry.register("unheardof", __name__, "UnheardOf")

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("of", Integer))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_engine(f"unheardof:///{tmp_path / 'users.db'}")


def test_sessions_are_not_kept_there_and_the_sentence_says_what_to_set(engine: Engine) -> None:
    told = r"^SQLALCHEMY_DATABASE_URI names a database of unheardof, .* set RENEWAL_STORE"
    with pytest.raises(ConfigurationError, match=told):
        SQLStore(Database(engine), session_table(MetaData()))


def test_its_statements_are_its_own(engine: Engine) -> None:
    NOTES.metadata.create_all(engine)
    database = Database(engine)
    assert database.insert(NOTES.insert(), {"id": 1, "of": 1}, unless=lambda: False)
    assert database.change(update(NOTES).where(NOTES.c.of == 1).values(of=2)) == 1
    assert [row.of for row in database.run(database.prepare(select(NOTES)))] == [2]


def test_its_failures_are_told_as_those_of_others(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(StoreUnavailableError):
        Database(engine).run(select(NOTES))
    assert "no such table" in caplog.text


@pytest.mark.parametrize(("args", "code"), [((1146, "no such table"), "1146"), ((), "")], ids=["told", "not told"])
def test_the_code_of_an_error_is_the_drivers_where_the_standards_is_not_told(
    engine: Engine, args: tuple[object, ...], code: str
) -> None:
    error = exc.ProgrammingError("SELECT", {}, Exception(*args))
    assert Database(engine).dialect.code_of(error) == code
