"""What MariaDB does wrong, told by its own codes: PyMySQL takes many of them for trouble with the server."""

from collections.abc import Iterator

import pytest
from engines import MariaDB
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from flask_renewal.ground.errors import StoreRefusedError, StoreUnavailableError
from flask_renewal.stores.database import Database

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("of", Integer))
MAKE = "CREATE TABLE notes (id INT PRIMARY KEY, of INT CHECK (of < 9))"
GRANT = "GRANT {} ON renewal.* TO app"


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDB]:
    server = MariaDB()
    try:
        server.start()
        assert server.sql("CREATE USER app") is not None
        yield server
    finally:
        server.remove()


@pytest.fixture
def mariadb(server: MariaDB) -> MariaDB:
    server.empty()
    assert server.sql(f"{MAKE}; REVOKE ALL, GRANT OPTION FROM app; {GRANT.format('ALL')}") is not None
    return server


@pytest.fixture
def database(mariadb: MariaDB) -> Database:
    return Database(create_engine(mariadb.url.replace("root@", "app@")), make_tables=lambda: "make them")


READ = select(NOTES)


@pytest.mark.parametrize("wrong", ["DROP TABLE notes", "ALTER TABLE notes DROP COLUMN of"])
def test_what_is_missing_is_said_with_what_makes_it(database: Database, mariadb: MariaDB, wrong: str) -> None:
    assert mariadb.sql(wrong) is not None
    with pytest.raises(StoreUnavailableError, match="make them"):
        database.run(READ)


@pytest.mark.parametrize(
    ("wrong", "of"),
    [
        ("SELECT 1", 10),
        ("CREATE TRIGGER rule BEFORE INSERT ON notes FOR EACH ROW SIGNAL SQLSTATE '45000'", 1),
        (f"REVOKE ALL, GRANT OPTION FROM app; {GRANT.format('SELECT')}", 1),
        ("ALTER TABLE notes ADD COLUMN more INT NOT NULL", 1),
    ],
    ids=["a check", "a trigger", "a right that is missing", "a column without a default"],
)
def test_what_will_be_refused_again_is_not_told_to_pass(
    database: Database, mariadb: MariaDB, wrong: str, of: int
) -> None:
    assert mariadb.sql(wrong) is not None
    with pytest.raises(StoreRefusedError):
        database.run(insert(NOTES).values(id=1, of=of))


def test_whatever_may_pass_is_told_to(database: Database, mariadb: MariaDB) -> None:
    assert mariadb.sql("SET GLOBAL read_only = ON") is not None
    with pytest.raises(StoreUnavailableError):
        database.run(insert(NOTES).values(id=1, of=1))
    assert mariadb.sql("SET GLOBAL read_only = OFF") is not None


def test_a_database_that_is_not_there_is_unavailable(mariadb: MariaDB, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(StoreUnavailableError):
        Database(create_engine(mariadb.url.replace("/renewal", "/another"))).run(READ)
    assert "Unknown database" in caplog.text
