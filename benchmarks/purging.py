"""What refreshes notice of a purge: rotations of living sessions while expired rows leave the same table.

``python -m benchmarks.purging`` starts a PostgreSQL server of its own with a million living and a million expired rows
and takes about a quarter of an hour; ``--rows`` asks for fewer.
"""

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_renewal.identity.sessions.purging import EXAMINED_IN_A_BATCH

from .store_cost import CONFIGURED, NOW, PostgreSQL, Rotator, figure, fill, filled, milliseconds, name_of, sql_store


def measure_purging(server: PostgreSQL, rotator: Rotator, purged: int) -> None:
    size, database = rotator.sessions, name_of(rotator.sessions)
    fill(server, size, size, size + purged - 1, expires="2020-01-01")
    server.sql("VACUUM (ANALYZE) renewal_session", database=database)
    before: list[float] = []
    during: list[float] = []
    with purging(server.url.removesuffix("postgres") + database) as (purger, may_go_on, worked):
        while purger.is_alive():
            during += rotations_of_a_second(rotator)
            may_go_on.clear()
            before += rotations_of_a_second(rotator)
            may_go_on.set()
    alone, meanwhile = milliseconds(before, 0.99), milliseconds(during, 0.99)
    figure(f"PostgreSQL: {purged:,} expired rows purged in", f"{worked.value:.0f} s of work")
    assert server.sql("SELECT count(*) FROM renewal_session", database=database) == str(size)
    figure("PostgreSQL: a rotation's 99th percentile while purging pauses", f"{alone:.2f} ms")
    figure(f"PostgreSQL: a rotation's 99th percentile meanwhile ({len(during):,} of them)", f"{meanwhile:.2f} ms")
    figure("PostgreSQL: meanwhile against the pauses", f"{meanwhile / alone:.2f}")


@contextmanager
def purging(url: str) -> Iterator[Any]:
    """Purge as `flask sessions purge` does, in a process that can be told to pause: it rests as long as it worked."""
    spawn = multiprocessing.get_context("spawn")
    may_go_on, worked = spawn.Event(), spawn.Value("d", 0.0)
    may_go_on.set()
    purger = spawn.Process(target=_purge, args=(url, may_go_on, worked))
    purger.start()
    yield purger, may_go_on, worked
    purger.join()


def _purge(url: str, may_go_on: Any, worked: Any) -> None:
    store, after = sql_store(url)[0], ""
    while after is not None:
        may_go_on.wait()
        begun = time.monotonic()
        after = store.purge(now=NOW, after=after, examine=EXAMINED_IN_A_BATCH).go_on_after  # type: ignore[assignment]
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
    rows = parser.parse_args().rows
    server = PostgreSQL()
    try:
        server.start(**CONFIGURED, checkpoint_timeout="30min")
        measure_purging(server, filled(server, rows), rows)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
