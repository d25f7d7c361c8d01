"""The suite of stores against a SQLite file, and what is SQLite's own."""

from functools import partial
from pathlib import Path

import pytest
from case_table import *  # noqa: F403
from sql_stores import open_sql_store

from flask_renewal.store_suite import *  # noqa: F403
from flask_renewal.store_suite import OpenStore


@pytest.fixture
def open_store(tmp_path: Path) -> OpenStore:
    url = f"sqlite:///{tmp_path / 'sessions.db'}"
    open_sql_store(url, create=True)
    return partial(open_sql_store, url)
