"""Who waits for whom where SQLite has one writer, and for how long, without a file."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from patience import PATIENCE
from sqlalchemy import exc

from flask_renewal.stores import sqlite as of_sqlite


class Clock:
    """A clock that only sleeping moves, in seconds."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds


@pytest.mark.parametrize(("is_favour", "seconds"), [(True, 0.05), (False, 10)])
def test_a_moment_is_fifty_milliseconds_and_others_wait_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, is_favour: bool, seconds: float
) -> None:
    clock = Clock()
    monkeypatch.setattr(of_sqlite, "time", clock)

    def act() -> None:
        raise exc.OperationalError("", None, sqlite3.OperationalError("database is locked"))

    with pytest.raises(exc.OperationalError):
        of_sqlite.SQLite().act(act, writes=True, is_favour=is_favour)
    assert clock.passed == pytest.approx(seconds, abs=0.01)


def test_who_waits_for_a_turn_is_told_when_others_of_the_process_write_for_too_long() -> None:
    write = partial(of_sqlite.SQLite().act, writes=True, is_favour=True)

    def meanwhile() -> None:
        with ThreadPoolExecutor(1) as threads, pytest.raises(exc.TimeoutError):
            threads.submit(write, lambda: pytest.fail("two write at once")).result(timeout=PATIENCE)

    write(meanwhile)
    assert write(lambda: "its turn") == "its turn"


def test_who_reads_waits_for_no_turn() -> None:
    act = partial(of_sqlite.SQLite().act, is_favour=True)

    def meanwhile() -> str:
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(act, lambda: "read", writes=False).result(timeout=PATIENCE)

    assert act(meanwhile, writes=True) == "read"


def test_what_is_wrong_for_good_is_not_tried_again() -> None:
    tries = iter([exc.OperationalError("", None, sqlite3.OperationalError("no such table: t"))])

    def act() -> None:
        raise next(tries)

    with pytest.raises(exc.OperationalError, match="no such table"):
        of_sqlite.patiently(act, until=time.monotonic() + PATIENCE)
