"""The suite of stores against a PostgreSQL server, and what is PostgreSQL's own."""

from collections.abc import Iterator
from functools import partial

import pytest
from case_table import *  # noqa: F403
from engines import PostgreSQL
from sql_stores import close_sql_stores, open_sql_store

from flask_renewal.store_suite import *  # noqa: F403
from flask_renewal.store_suite import OpenStore


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    try:
        server.start(fsync="off", max_connections="300")
        open_sql_store(server.url, create=True)
        yield server
    finally:
        server.remove()


@pytest.fixture
def open_store(postgresql: PostgreSQL) -> Iterator[OpenStore]:
    assert postgresql.sql("TRUNCATE renewal_session") is not None
    yield partial(open_sql_store, postgresql.url)
    close_sql_stores()
