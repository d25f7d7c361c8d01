"""Text in our tables, as a migration would write it."""

import pytest
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect

from flask_renewal.stores.texts import text


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        (sqlite.dialect(), "VARCHAR(32)"),
        (postgresql.dialect(), "VARCHAR(32)"),
        (mysql.dialect(), "VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_text_is_exact_where_it_would_not_be(dialect: Dialect, written: str) -> None:
    assert text(32).compile(dialect) == written
