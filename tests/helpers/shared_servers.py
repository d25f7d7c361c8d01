"""Fixtures: servers that all tests of one process share, empty for each."""

from collections.abc import Iterator

import pytest
from engines import MariaDB, PostgreSQL, Redis


@pytest.fixture(scope="session")
def _redis() -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def redis_server(_redis: Redis) -> Redis:
    """Return a Redis server that has nothing in it."""
    _redis.cli("flushall")
    return _redis


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    try:
        yield server.start(fsync="off")
    finally:
        server.remove()


@pytest.fixture
def postgresql_server(_postgresql: PostgreSQL) -> PostgreSQL:
    """Return a PostgreSQL server that has no tables; it does not wait for the disk."""
    assert _postgresql.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public") is not None
    return _postgresql


@pytest.fixture(scope="session")
def _mariadb() -> Iterator[MariaDB]:
    server = MariaDB()
    try:
        yield server.start(innodb_flush_log_at_trx_commit="0", character_set_server="utf8mb4")
    finally:
        server.remove()


@pytest.fixture
def mariadb_server(_mariadb: MariaDB) -> MariaDB:
    """Return a MariaDB server that has no tables; it does not wait for the disk."""
    _mariadb.empty()
    return _mariadb
