"""`python -m benchmarks`: measure everything and write `docs/performance.md`; `--quick` in two minutes, roughly.

Needs the package installed with its extras for tests, psycopg, and a PostgreSQL whose programs are on this machine.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from . import budget, doors, growth, in_process, logins, over_http, size
from .cluster import binaries, postgres
from .peers import Workshop, ours_versions
from .report import Results, write

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run it all; each part says when it begins."""
    options = _options()
    quick = options.quick
    rounds, seconds = (3, 1.0) if quick else (7, 2.0)
    # each round connects anew, and it is chance how many of its clients come to which worker: so many short ones
    short_rounds, short = (3, 1.0) if quick else (21, 0.7)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="renewal-benchmark-")))
        workshop = Workshop(folder)
        _say("installing the peers")
        if options.without_peers:
            workshop.skip()
        else:
            workshop.install()
        results = Results(
            options=" --quick" if quick else "", versions=ours_versions(), peer_versions=workshop.versions()
        )
        databases = {"sqlite": f"sqlite:///{folder}/benchmark.db"}
        if not options.without_postgresql and binaries() is not None:
            databases["postgresql"] = stack.enter_context(postgres()).replace("postgresql:", "postgresql+psycopg:")
        _in_process(results, quick)
        for database, uri in databases.items():
            _say(f"over HTTP on {database}")
            where = (uri, workshop, folder)
            results.comparisons.append(over_http.compare(database, *where, rounds=short_rounds, seconds=short))
            results.header_http[database] = over_http.header(*where, rounds=3, seconds=seconds)
        _say("signing in")
        signing_in = f"sqlite:///{folder}/logins.db"
        results.logins = logins.compare(signing_in, workshop, folder, rounds=rounds, seconds=seconds)
        _say("growth")
        sizes = [1_000, 10_000] if quick else [1_000, 100_000, 1_000_000]
        for database, uri in {**databases, "sqlite": f"sqlite:///{folder}/growth.db"}.items():
            results.growth[database] = growth.grow(uri, folder / f"growing-{database}", sizes, 15)
    write(results, ROOT / "docs")
    _say("written: docs/performance.md")


def _in_process(results: Results, quick: bool) -> None:
    _say("the guard, in process")
    results.guards = in_process.guards(20 if quick else 150)
    results.header_cpu = in_process.renewals(10 if quick else 40)
    results.budget = budget.parts(5 if quick else 15)
    results.walks = doors.walks()
    _say("start and size")
    results.starts = size.starts(3 if quick else 9)
    results.memory = size.memory(*((10_000, 1_000) if quick else (100_000, 10_000)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, smaller tables")
    parser.add_argument("--without-peers", action="store_true", help="install nothing, measure only us and bare Flask")
    parser.add_argument("--without-postgresql", action="store_true", help="measure on SQLite only")
    return parser.parse_args()


_BEGAN = time.monotonic()


def _say(what: str) -> None:
    sys.stdout.write(f"{time.monotonic() - _BEGAN:6.0f} s  {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
