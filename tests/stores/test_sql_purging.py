"""Rows of sessions that are over leave a SQL table, and no others."""

from pathlib import Path

import pytest
from sql_stores import open_sql_store

from flask_renewal.stores.sql import SQLStore
from flask_renewal.testing.store_suite.moves import DAY, NOW, a_session, put
from flask_renewal.testing.store_suite.verbs import purged


@pytest.fixture
def store(tmp_path: Path) -> SQLStore:
    return open_sql_store(f"sqlite:///{tmp_path / 'sessions.db'}", create=True)


def test_expired_rows_leave_and_an_ended_one_stays_until_it_would_have_expired(store: SQLStore) -> None:
    for number in range(7):
        put(store, a_session(f"idle{number}", idle_expires_at=NOW))
        put(store, a_session(f"absolute{number}", expires_at=NOW))
    put(store, a_session("ended", ended_at=NOW - DAY))
    put(store, a_session("living"))
    assert sum(purged(store)) == 14
    assert store.count(now=NOW).all == 2


def test_a_session_that_was_used_meanwhile_is_not_purged(store: SQLStore) -> None:
    put(store, a_session("used", idle_expires_at=NOW + DAY))
    assert sum(purged(store)) == 0
    assert store.find("used") is not None
