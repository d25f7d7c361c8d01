"""Writing down what was measured: `docs/performance.md` and its plot."""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .doors import files
from .figures import Spread, ratios
from .logins import signing_in
from .over_http import Comparison, Measured
from .plot import Bar, bars
from .size import CORE, IMPORT

OURS, LIMIT = "Flask-Renewal", "the limit route"

Rounds = dict[str, list[float]]


@dataclass
class Results:
    """Everything of one run."""

    options: str
    versions: list[str]
    peer_versions: list[str]
    guards: Rounds = field(default_factory=dict)
    header_cpu: Rounds = field(default_factory=dict)
    header_http: dict[str, Rounds] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    logins: Rounds = field(default_factory=dict)
    starts: Rounds = field(default_factory=dict)
    memory: Rounds = field(default_factory=dict)
    growth: dict[str, dict[int, dict[str, float]]] = field(default_factory=dict)
    budget: Rounds = field(default_factory=dict)
    walks: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)


def write(results: Results, folder: Path) -> None:
    """Write the page and the plot into the folder of the documentation."""
    (folder / "performance.svg").write_text(_plot(results.comparisons))
    parts = [_head(results), _guard(results), _over_http(results), _rotation(results), _header(results)]
    parts += [_login(results), _size(results), _growth(results), _budget(results), _walks(results), _method(results)]
    (folder / "performance.md").write_text("\n\n".join(part for part in parts if part) + "\n")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _head(results: Results) -> str:
    return f"""# Performance

Written by `python -m benchmarks{results.options}`, which measures everything anew on your machine, installs the peers
into a folder that it throws away, and writes this page. Numbers are medians, with the quartiles of the rounds in
brackets. What counts are the ratios: everybody is measured in turns in the same run, so what slows one slows all.

![Guarded requests and refreshes, beside bare Flask](_generated/performance-light.svg)"""


def _guard(results: Results) -> str:
    bare, flask = results.guards["bare Flask"], results.guards["bare Flask with Flask-SQLAlchemy"]
    rows = [
        [name, Spread.of(times).shown(".1f"), ratios(times, bare).shown(), ratios(times, flask).shown()]
        for name, times in results.guards.items()
    ]
    head = ['one request for "hello"', "µs of processor time", "÷ bare Flask", "÷ with Flask-SQLAlchemy"]
    return f"""## The guard, in process

A signature is verified once per process; afterwards the token's own text names its claims, and only its expiry, its
key and the set of ended sessions are looked at. Flask-SQLAlchemy, which the host brings along, has a part in what lies
between bare Flask and ours, so both are shown.

{table(head, rows)}"""


def _over_http(results: Results) -> str:
    parts = ["## Over HTTP, beside the others"]
    for comparison in results.comparisons:
        rows = [_row(measured, comparison) for measured in comparison.servers.values()]
        head = ["", "guarded ÷ hello", "refresh ÷ hello", "refresh ÷ limit", "p50 ms", "p99 ms", "p99 ÷ p50"]
        limit = comparison.servers[LIMIT].refresh
        for row, measured in zip(rows, comparison.servers.values(), strict=True):
            row.insert(3, ratios(measured.refresh, limit).shown() if measured.refresh else "-")
        bare = Spread.of(comparison.hello).shown(".0f")
        parts.append(
            f"On {comparison.database}; bare Flask answers {bare} requests a second here.\n\n{table(head, rows)}"
        )
        parts += [f"Not measured: {name}, {reason}." for name, reason in comparison.missing.items()]
    return "\n\n".join(parts)


def _row(measured: Measured, comparison: Comparison) -> list[str]:
    guard = ratios(measured.guard, comparison.hello).shown() if measured.guard else "-"
    if not measured.refresh:
        return [measured.name, guard, "-", "-", "-", "-"]
    p50, p99 = Spread.of(measured.refresh_p50), Spread.of(measured.refresh_p99)
    tail = ratios(measured.refresh_p99, measured.refresh_p50)
    refresh = ratios(measured.refresh, comparison.hello).shown(".3f")
    return [measured.name, guard, refresh, p50.shown(".1f"), p99.shown(".1f"), tail.shown(".1f")]


def _rotation(results: Results) -> str:
    parts = [
        "## A refresh with rotation",
        """The limit route is a bare Flask route with nothing but one prepared `UPDATE … RETURNING` through the driver,
one HMAC check, one HMAC-signed refresh token and one ES256 access token. Flask-JWT-Extended without a list of revoked
tokens does not rotate: its refresh only signs.""",
    ]
    for comparison in results.comparisons:
        for name in (OURS, LIMIT):
            many = comparison.servers[name].many
            if many is not None:
                parts.append(
                    f"{name.capitalize() if name == LIMIT else name} on {comparison.database} with 200 clients at once:"
                    f" {many.rate:.0f} a second, p50 {many.percentile(0.5):.0f} ms, p99 {many.percentile(0.99):.0f} ms,"
                    f" {many.refused} refused."
                )
        counted = [measured for measured in comparison.servers.values() if measured.per_refresh]
        if counted:
            names = list(counted[0].per_refresh)
            rows = [[one.name, *(f"{one.per_refresh[name]:.2f}" for name in names)] for one in counted]
            parts.append(table(["per refresh", *names], rows))
    return "\n\n".join(parts)


def _header(results: Results) -> str:
    cpu = ratios(results.header_cpu["renewing"], results.header_cpu["not renewing"]).shown()
    lines = [f"In process, on SQLite, a guarded request that renews takes {cpu} times the processor time of another."]
    for database, rounds in results.header_http.items():
        over = ratios(rounds["not renewing"], rounds["renewing"]).shown()
        lines.append(f"Over HTTP on {database}, when every request renews, {over} times as long.")
    more = ratios(results.header_cpu["renewing"], results.header_cpu["not renewing"]).middle - 1
    lines.append(
        "A client that asks once a second gets one renewal in 600 requests of a token of 15 minutes: "
        f"{100 * more / 600:.1f} % more on average."
    )
    return "## The renewal header\n\n" + "\n".join(lines)


def _login(results: Results) -> str:
    return f"## Signing in\n\n{signing_in(results.logins)}"


def _size(results: Results) -> str:
    rows = [[name, Spread.of(times).shown(".0f")] for name, times in results.starts.items()]
    memory = [[name, *(f"{mark:.1f}" for mark in marks)] for name, marks in results.memory.items()]
    head = ["MiB resident after", "1/5", "2/5", "3/5", "4/5", "all of the requests"]
    ratio = ratios(results.starts[IMPORT], results.starts[CORE]).shown()
    imports = f"Who imports Flask-Renewal waits {ratio} times as long as who imports what it stands on."
    return f"## Start and size\n\n{table(['', 'ms of processor time'], rows)}\n\n{imports}\n\n{table(head, memory)}"


def _growth(results: Results) -> str:
    parts = ["## Growth", "One of each, µs, with so many sessions in the table:"]
    for database, found in results.growth.items():
        sizes = list(found)
        rows = [[name, *(f"{found[size][name]:.0f}" for size in sizes)] for name in found[sizes[0]]]
        parts.append(table([database, *(f"{size:,}" for size in sizes)], rows))
    return "\n\n".join(parts)


def _budget(results: Results) -> str:
    rows = [[name, Spread.of(times).shown(".0f")] for name, times in results.budget.items()]
    return f"""## Where the time of a refresh goes

Parts called by themselves, on SQLite, µs of one thread; among other code each takes half as long again.

{table(["", "µs"], rows)}

What limits it now: Flask, the statement, the signature and, on a disk of your own, the durable commit, which the limit
route has too. What that has not is the origin, the row as a session, and an answer with the session and the user. On
SQLite one process writes at a time."""


def _walks(results: Results) -> str:
    rows = [[name, str(found.total()), str(files(found))] for name, found in results.walks.items()]
    return f"""## What a request passes

Calls of functions of ours, on SQLite, and the files that those are in; `python -m benchmarks.doors --list` names them.

{table(["", "calls", "files"], rows)}"""


def _method(results: Results) -> str:
    cores, kernel = os.cpu_count(), platform.release().partition("-")[0]
    return f"""## How it was measured

Linux {kernel}, {cores} processor cores, Python {platform.python_version()}; the clients run on the same
cores. Python servers are gunicorn's gthread with 2 workers of 8 threads, Node.js servers two workers; 16 clients, each
with a session of its own, each waiting for its answer before it asks again. PostgreSQL runs with durable defaults,
SQLite in WAL with `synchronous = FULL`, for everybody. Ours runs with a quiet window of 0, so that each refresh
rotates, and without rate limits.

Ours: {", ".join(results.versions)}. Peers: {", ".join(results.peer_versions) or "not installed"}."""


def _plot(comparisons: list[Comparison]) -> str:
    panels: list[tuple[str, list[Bar]]] = []
    for comparison in comparisons:
        for kind, title in (("guard", "guarded request ÷ bare Flask hello"), ("refresh", "refresh ÷ bare Flask hello")):
            rows = [
                (one.name, ratios(getattr(one, kind), comparison.hello).middle, one.name == OURS)
                for one in comparison.servers.values()
                if getattr(one, kind)
            ]
            panels.append((f"{title}, {comparison.database}", sorted(rows, key=lambda row: -row[1])))
    return bars("Flask-Renewal beside its peers", panels)
