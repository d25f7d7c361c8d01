"""What refreshes notice of a purge: rotations of living sessions while expired rows leave the same table.

``python -m benchmarks.purging`` starts a PostgreSQL server of its own with a million living and a million expired rows
and takes about a quarter of an hour; ``--rows`` asks for fewer, ``--mariadb`` for the other engine, and ``--minutes``
stops a purge that takes longer.
"""

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_renewal.identity.sessions.purging import EXAMINED_IN_A_BATCH

from . import store_cost, store_cost_mariadb
from .rotating import NOW, MariaDB, PostgreSQL, Rotator, figure, milliseconds, sql_store


def measure_postgresql(rows: int, minutes: float) -> None:
    server = PostgreSQL()
    try:
        server.start(**store_cost.CONFIGURED, checkpoint_timeout="30min")
        rotator, database = store_cost.filled(server, rows), store_cost.name_of(rows)
        store_cost.fill(server, rows, rows, 2 * rows - 1, expires="2020-01-01")
        server.sql("VACUUM (ANALYZE) renewal_session", database=database)
        gone = measure_purging("PostgreSQL", rotator, server.url.removesuffix("postgres") + database, minutes)
        assert server.sql("SELECT count(*) FROM renewal_session", database=database) == str(2 * rows - gone)
    finally:
        server.remove()


def measure_mariadb(rows: int, minutes: float) -> None:
    server = MariaDB()
    try:
        server.start(**store_cost_mariadb.CONFIGURED)
        rotator = store_cost_mariadb.filled(server, rows, expired=rows)
        gone = measure_purging("MariaDB", rotator, store_cost_mariadb.url_of(server, rows), minutes)
        database = store_cost_mariadb.name_of(rows)
        assert server.sql("SELECT count(*) FROM renewal_session", database=database) == str(2 * rows - gone)
    finally:
        server.remove()


def measure_purging(engine: str, rotator: Rotator, url: str, minutes: float) -> int:
    """Rotate as fast as one can, while half of the rows are purged and while that pauses, in turns of a second.

    Return how many rows were purged.
    """
    before: list[float] = []
    during: list[float] = []
    until = time.monotonic() + 60 * minutes
    with purging(url, until) as (purger, may_go_on, worked, purged):
        while purger.is_alive():
            during += rotations_of_a_second(rotator)
            may_go_on.clear()
            before += rotations_of_a_second(rotator)
            may_go_on.set()
    alone, meanwhile = milliseconds(before, 0.99), milliseconds(during, 0.99)
    figure(
        f"{engine}: {purged.value:,} of {rotator.sessions:,} expired rows purged in", f"{worked.value:.0f} s of work"
    )
    figure(f"{engine}: a rotation's 99th percentile while purging pauses", f"{alone:.2f} ms")
    figure(f"{engine}: a rotation's 99th percentile meanwhile ({len(during):,} of them)", f"{meanwhile:.2f} ms")
    figure(f"{engine}: meanwhile against the pauses", f"{meanwhile / alone:.2f}")
    return int(purged.value)


@contextmanager
def purging(url: str, until: float) -> Iterator[Any]:
    """Purge as `flask sessions purge` does, in a process that can be told to pause: it rests as long as it worked."""
    spawn = multiprocessing.get_context("spawn")
    may_go_on, worked, purged = spawn.Event(), spawn.Value("d", 0.0), spawn.Value("q", 0)
    may_go_on.set()
    purger = spawn.Process(target=_purge, args=(url, until, may_go_on, worked, purged))
    purger.start()
    yield purger, may_go_on, worked, purged
    purger.join()


def _purge(url: str, until: float, may_go_on: Any, worked: Any, purged: Any) -> None:
    store, after = sql_store(url)[0], ""
    while after is not None and time.monotonic() < until:
        may_go_on.wait()
        begun = time.monotonic()
        batch = store.purge(now=NOW, after=after, examine=EXAMINED_IN_A_BATCH)
        after, purged.value = batch.go_on_after, purged.value + batch.count  # type: ignore[assignment]
        worked.value += time.monotonic() - begun
        time.sleep(time.monotonic() - begun)


def rotations_of_a_second(rotator: Rotator) -> list[float]:
    times, end = [], time.monotonic() + 1
    while time.monotonic() < end:
        times.append(rotator.rotate())
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="living rows, and as many expired ones")
    parser.add_argument("--mariadb", action="store_true", help="MariaDB instead of PostgreSQL")
    parser.add_argument("--minutes", type=float, default=60.0, help="the longest that is purged")
    asked = parser.parse_args()
    (measure_mariadb if asked.mariadb else measure_postgresql)(asked.rows, asked.minutes)


if __name__ == "__main__":
    main()
