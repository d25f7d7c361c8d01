"""`python tools/fuzz.py`: mutated requests against real servers on real databases; says what came of them.

Needs the extras for tests, and the programs of PostgreSQL and MariaDB where they are asked for. 100,000 requests take
some minutes for each server and database. Exit code 1 if anything came that must not: a 5xx, a traceback, an answer
that takes more than a second by itself, memory that goes on growing.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "tests" / "processes")]

from campaign import TOLERATED_FRAGMENTS, TOLERATED_GROWTH, Campaign, Outcome  # noqa: E402
from engines import MariaDB, PostgreSQL  # noqa: E402
from on_postgresql import migrate  # noqa: E402
from wall import SERVERS, SPA, serving_wall  # noqa: E402

STORES = ("sqlite", "postgresql", "mariadb")


def main() -> int:
    """Run each campaign that is asked for; return the exit code."""
    options = _options()
    failed = 0
    for store in options.store or STORES:
        for server in options.server or SERVERS:
            with tempfile.TemporaryDirectory(prefix="renewal-fuzz-") as folder, _database(store, Path(folder)) as url:
                failed += _campaign(server, store, url, Path(folder) / "served", options)
    return min(failed, 1)


def _campaign(server: str, store: str, url: str | None, folder: Path, options: argparse.Namespace) -> int:
    settings = {"RENEWAL_TRUSTED_ORIGINS": [SPA], "RENEWAL_RATELIMIT_REGISTER": "10000 per hour"}
    if url is not None:
        settings["SQLALCHEMY_DATABASE_URI"] = url
    began = time.monotonic()

    def tell(asked: int, outcome: Outcome) -> None:
        rate, size = asked / (time.monotonic() - began), outcome.memory[asked] / 1024
        _say(f"  {asked:7} sent, {rate:5.0f}/s, {size:4.0f} MiB, {len(outcome.faults)} faults")

    with serving_wall(server, folder, **settings) as wall:
        outcome = Campaign(wall, seed=options.seed, clients=options.clients).run(options.requests, tell=tell)
    fragments, growth = outcome.growth(outcome.memory), outcome.growth(outcome.blocks)
    if growth > TOLERATED_GROWTH or fragments > TOLERATED_FRAGMENTS:
        outcome.faults.append(f"memory goes on growing: {outcome.memory}, {outcome.blocks}")
    told = ", ".join(f"{status or 'closed'}: {times}" for status, times in sorted(outcome.statuses.items()))
    _say(
        f"{server} on {store}: {sum(outcome.statuses.values())} requests ({told}); slowest {outcome.slowest:.2f} s,"
        f" {len(outcome.slow)} asked again; memory x {fragments:.3f}, of Python's x {growth:.3f};"
        f" {len(outcome.faults)} faults"
    )
    for fault in outcome.faults[:20]:
        _say(fault)
    return len(outcome.faults)


@contextmanager
def _database(store: str, folder: Path) -> Iterator[str | None]:
    if store == "sqlite":
        yield None
        return
    engine = PostgreSQL() if store == "postgresql" else MariaDB()
    try:
        engine.start()
        migrate(engine.url, folder / "migrating")
        yield engine.url
    finally:
        engine.remove()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tools/fuzz.py", description=__doc__)
    parser.add_argument("--store", action="append", choices=STORES, help="default: all")
    parser.add_argument("--server", action="append", choices=list(SERVERS), help="default: both")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
