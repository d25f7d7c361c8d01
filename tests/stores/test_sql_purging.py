"""Rows of sessions that are over leave a SQL table, and no others."""

from pathlib import Path
from typing import Any

import pytest
from sql_stores import open_sql_store

from flask_renewal.stores.base import Counted, Purged
from flask_renewal.stores.sql import SQLStore
from flask_renewal.testing.store_suite.moves import DAY, INSTANT, NOW, a_session, put, use
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
    assert store.count(now=NOW) == Counted(all=16, over=14)
    assert sum(purged(store)) == 14
    assert store.count(now=NOW).all == 2


def test_a_session_that_was_used_meanwhile_is_not_purged(store: SQLStore) -> None:
    put(store, a_session("used", idle_expires_at=NOW + DAY))
    assert sum(purged(store)) == 0
    assert store.find("used") is not None


@pytest.mark.parametrize(
    ("after", "examine", "on"), [("", 2, "b"), ("b", 1, "c"), ("b", 2, None), ("c", 1, None)], ids=str
)
def test_a_batch_begins_behind_the_last_and_ends_where_no_row_is_left(
    store: SQLStore, after: str, examine: int, on: str | None
) -> None:
    for session_id in ("a", "b", "c"):
        put(store, a_session(session_id))
    assert store.purge(now=NOW, after=after, examine=examine) == Purged(count=0, go_on_after=on)


def test_a_session_that_is_used_between_the_look_and_the_deletion_stays(
    store: SQLStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, a_session("used", idle_expires_at=NOW + INSTANT))
    run = store._database.run

    def look(*statement: Any) -> Any:
        rows = run(*statement)
        monkeypatch.undo()
        assert store.touch("used", use()) is not None
        return rows

    monkeypatch.setattr(store._database, "run", look)
    store.purge(now=NOW + INSTANT, after="", examine=3)
    assert store.find("used") is not None
