"""`python tools/draw_dashboard.py`: writes `docs/dashboard.svg`, what the dashboard shows of a minute of a real server.

People use the server, among them some whose cookies are stolen and one who guesses passwords, and its figures are read
once a second. Panels, places and queries are those of `examples/metrics/dashboard.json`; the queries are worked out
here as Prometheus does. The server's clock is moved on meanwhile, so that a minute shows what else takes hours. Needs
the extras for tests.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "tools")]

from dashboard_queries import Labels, Scrape, evaluate  # noqa: E402
from wall import LITTLE_LEFT, QUIET, Person, Wall, serving_wall  # noqa: E402

BOARD, PICTURE = ROOT / "examples" / "metrics" / "dashboard.json", ROOT / "docs" / "dashboard.svg"
SECONDS, INTERVAL = 60, 8
"""How long it runs, and over how many of them a rate is taken."""
COLUMN, ROW, GAP, TOP = 50, 26, 8, 40
COLOURS = ("#1d4ed8", "#2f7d4f", "#b5541c", "#111827", "#9ca3af")
DASHES = ("", "6 3", "2 2")

Series = dict[str, list[tuple[float, float]]]


def main() -> None:
    """Run, evaluate and draw."""
    with (
        tempfile.TemporaryDirectory(prefix="renewal-dashboard-") as folder,
        serving_wall("waitress", Path(folder) / "served", RENEWAL_METRICS="/metrics") as wall,
    ):
        scrapes = list(_watched(wall))
    board = json.loads(BOARD.read_text())
    PICTURE.write_text(drawn(board, scrapes), encoding="utf-8")


def _watched(wall: Wall) -> Iterator[Scrape]:
    """Let people come and go; yield what is scraped each second."""
    chance = random.Random(4)  # noqa: S311 - who does what, and the same each time
    people, began = [wall.person()], time.monotonic()
    last = -1
    while (now := time.monotonic() - began) < SECONDS:
        if int(now) > last:
            last = int(now)
            yield Scrape.of(now, wall.control.ask("GET /metrics").text)
        _something_happens(wall, people, chance, now)


def _something_happens(wall: Wall, people: list[Person], chance: random.Random, now: float) -> None:
    """Let one person do one thing: the more of it, the later, until the middle of the run."""
    someone = chance.choice(people)
    drawn = chance.random()
    if drawn < 0.1 and len(people) < 30:
        people.append(wall.person())
    elif drawn < 0.13:
        wall.waits(chance.choice((QUIET, 5, 20, LITTLE_LEFT, 2 * LITTLE_LEFT)))
    elif drawn < 0.5:
        someone.refreshes()
    elif drawn < 0.52 and len(people) > 8:
        _is_robbed(wall, people.pop())
    elif drawn < 0.54 and len(people) > 8:
        left = people.pop()
        left.caller.ask("POST /auth/logout", left.cookie)
        left.is_signed_in()
    elif drawn < 0.6 and SECONDS / 3 < now < SECONDS / 2:
        for _ in range(8):
            people[0].caller.signs_in(people[0].name, "a guess of eight words")
    else:
        someone.is_signed_in()
    time.sleep(0.01)


def _is_robbed(wall: Wall, person: Person) -> None:
    """Let a thief have a copy of the cookie and use it twice; then its owner comes back."""
    kept = person.refresh
    for _ in range(2):
        wall.waits(QUIET)
        person.refreshes()
    person.refresh = kept
    wall.waits(QUIET)
    person.refreshes()


def drawn(board: dict[str, Any], scrapes: Sequence[Scrape]) -> str:
    """Return the dashboard as an SVG picture."""
    width = 24 * COLUMN + GAP
    height = TOP + GAP + max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"]) * ROW
    told = f"{board['title']}, {SECONDS} seconds of a real server"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="12"',
        f'font-family="system-ui, sans-serif"><title>{escape(told)}</title>',
        f'<rect width="{width}" height="{height}" fill="#f3f1e7"/>',
        f'<text x="{GAP}" y="26" font-size="17" font-weight="600" fill="#111827">{escape(told)}</text>',
    ]
    for panel in board["panels"]:
        parts += _panel(panel, scrapes)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: dict[str, Any], scrapes: Sequence[Scrape]) -> Iterator[str]:
    place = panel["gridPos"]
    left, top = place["x"] * COLUMN + GAP, place["y"] * ROW + TOP
    wide, high = place["w"] * COLUMN - GAP, place["h"] * ROW - GAP
    yield f'<g transform="translate({left} {top})">'
    yield f'<rect width="{wide}" height="{high}" rx="4" fill="#fff" stroke="#ccc"/>'
    yield f'<text x="10" y="18" font-weight="600" fill="#374151">{escape(panel["title"])}</text>'
    if panel["type"] == "timeseries":
        yield from _lines(_series(panel["targets"], scrapes), panel["fieldConfig"]["defaults"]["unit"], wide, high)
    else:
        values = evaluate(panel["targets"][0]["expr"], scrapes[0], scrapes[-1])
        yield from _number(values, wide, high) if panel["type"] == "stat" else _bars(values, wide, high)
    yield "</g>"


def _series(targets: Sequence[dict[str, Any]], scrapes: Sequence[Scrape]) -> Series:
    """Return the lines of a panel by their legends; those that are nothing all the time are left out."""
    series: Series = {}
    for target in targets:
        for before, after in zip(scrapes, scrapes[INTERVAL:], strict=False):
            for labels, value in evaluate(target["expr"], before, after).items():
                series.setdefault(_legend(target["legendFormat"], labels), []).append((after.at, value))
    return {name: points for name, points in series.items() if any(value for _, value in points)}


def _legend(template: str, labels: Labels) -> str:
    for name, value in labels:
        template = template.replace(f"{{{{{name}}}}}", value)
    return template


def _lines(series: Series, unit: str, wide: float, high: float) -> Iterator[str]:
    most = max((value for points in series.values() for _, value in points), default=1)
    legend_rows = (len(series) + 2) // 3
    bottom, floor = high - 14 * legend_rows - 8, 30
    for share in (0, 0.5, 1):
        y = bottom - (bottom - floor) * share
        yield f'<path d="M58 {y:.1f}H{wide - 8}" stroke="#ccc"/>'
        label = f'<text x="54" y="{y + 4:.1f}" text-anchor="end" font-size="10" fill="#555">'
        yield f"{label}{_told(most * share, unit)}</text>"
    for number, (name, points) in enumerate(sorted(series.items())):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
        path = "L".join(
            f"{58 + (wide - 66) * at / SECONDS:.1f} {bottom - (bottom - floor) * value / most:.1f}"
            for at, value in points
        )
        style = f'stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dash}"'
        yield f'<path d="M{path}" fill="none" {style}/>'
        x, y = 12 + number % 3 * (wide - 12) / 3, bottom + 16 + 14 * (number // 3)
        yield f'<path d="M{x:.1f} {y - 4:.1f}h14" {style}/>'
        yield f'<text x="{x + 18:.1f}" y="{y:.1f}" font-size="10" fill="#374151">{escape(name)}</text>'


def _told(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.2g}/s"
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.2g} s"


def _number(values: dict[Labels, float], wide: float, high: float) -> Iterator[str]:
    told = f"{sum(values.values()):.0f}"
    style = 'text-anchor="middle" font-size="52" font-weight="600" fill="#b5541c"'
    yield f'<text x="{wide / 2}" y="{high / 2 + 24}" {style}>{told}</text>'


def _bars(values: dict[Labels, float], wide: float, high: float) -> Iterator[str]:
    """Draw how many are in each bucket, of counts that include those of all lower ones."""
    bounds = sorted((float(dict(labels)["le"]), count) for labels, count in values.items())
    counts = [count - before for (_, count), before in zip(bounds, [0, *(c for _, c in bounds)], strict=False)]
    step, most = (wide - 20) / len(bounds), max(*counts, 1)
    for number, ((bound, _), count) in enumerate(zip(bounds, counts, strict=True)):
        x, size = 10 + number * step, (high - 66) * count / most
        place = f'x="{x:.1f}" y="{high - 24 - size:.1f}" width="{step - 3:.1f}" height="{size:.1f}"'
        yield f'<rect {place} fill="#1d4ed8"/>'
        label = "more" if bound == float("inf") else f"{bound:.0f}"
        middle = f'x="{x + step / 2:.1f}" text-anchor="middle" font-size="9"'
        yield f'<text {middle} y="{high - 10}" fill="#555">{label}</text>'
        yield f'<text {middle} y="{high - 28 - size:.1f}" fill="#374151">{count:.0f}</text>'


if __name__ == "__main__":
    main()
