"""Draws the run that the proof turns on, at the bound and just past it, by letting the rule judge it."""

from datetime import timedelta
from typing import NamedTuple

from drawing import CHAIN, ROTATED, TOLD, WINDOW, svg, text

from flask_renewal.rotation import Verdict, judge, step

REQUEST = timedelta(seconds=25)
"""How long the slow request is under way, from its tab to the server."""
_SCALE, _LEFT, _TAB, _SERVER, _HIGH = 6.2, 30, 60, 150, 200


class Run(NamedTuple):
    """A tab has sent C and is answered with D, slowly; just before D comes another sends C, which is slow, too."""

    answered: timedelta
    """When D arrives."""
    judged: timedelta
    """When the slow request is judged, and how."""
    verdict: Verdict
    last: Verdict
    """How the jar's D is judged once the next window is over, if the answer to the slow request was lost."""


def run(answer: timedelta) -> Run:
    """Let the rule judge the run with answers that take so long."""
    idle = CHAIN.idle_expires_at
    start = step(CHAIN, Verdict.ROTATE, fresh="D", now=ROTATED, idle_expires_at=idle)
    judged = answer + REQUEST
    verdict = judge(start, "C", now=ROTATED + judged, window=WINDOW)
    row = start
    if verdict is Verdict.REPLACE:
        row = step(start, verdict, fresh="E", now=ROTATED + judged, idle_expires_at=idle)
    last = judge(row, "D", now=ROTATED + judged + 2 * WINDOW, window=WINDOW)
    return Run(answer, judged, verdict, last)


def bound() -> str:
    """Return the run with a slowest answer of 35 and of 36 seconds, as an SVG picture."""
    parts = []
    for number, answer in enumerate((WINDOW - REQUEST, WINDOW - REQUEST + timedelta(seconds=1))):
        parts += _drawn(run(answer), top=number * _HIGH)
    return svg(700, 2 * _HIGH + 6, parts, "The slowest answer and the slowest request, within the window and past it")


def _drawn(drawn: Run, top: float) -> list[str]:
    tab, server = top + _TAB, top + _SERVER
    seconds = drawn.answered.total_seconds()
    share = f"answer {seconds:.0f} s + request {REQUEST.total_seconds():.0f} s, window {WINDOW.total_seconds():.0f} s"
    window = f'<rect x="{_LEFT}" y="{server}" width="{_at(WINDOW) - _LEFT}" height="10" fill="#f3f1e7" stroke="#bbb"/>'
    name, _, color = TOLD[drawn.verdict]
    mark = f'<circle cx="{_at(drawn.judged)}" cy="{server}" r="7" fill="{color}" stroke="#555"/>'
    name_of_last = TOLD[drawn.last][0]
    return [
        text(_LEFT, top + 22, share, anchor="start", bold=True),
        _line(_LEFT, tab, 590, tab),
        _line(_LEFT, server, 590, server),
        window,
        _arrow(timedelta(0), server, drawn.answered, tab, "#2f7d4f"),
        _arrow(drawn.answered, tab, drawn.judged, server, "#b5541c"),
        mark,
        text(_LEFT + 10, tab + 28, "the answer with D", anchor="start"),
        text(_at(drawn.answered) + 62, tab + 28, "C, sent just before it came", anchor="start"),
        text(600, tab + 5, "the tabs", anchor="start"),
        text(600, server + 5, "the server", anchor="start"),
        text(_LEFT + 4, server + 26, "the quiet window", anchor="start"),
        text(_at(drawn.judged) + 14, server - 8, f"C: {name}", anchor="start"),
        text(_at(drawn.judged) + 14, server + 26, f"then D: {name_of_last}", anchor="start"),
    ]


def _at(moment: timedelta) -> float:
    return _LEFT + moment.total_seconds() * _SCALE


def _line(left: float, top: float, right: float, bottom: float, color: str = "#999") -> str:
    return f'<line x1="{left}" y1="{top}" x2="{right}" y2="{bottom}" stroke="{color}" stroke-width="1.5"/>'


def _arrow(since: timedelta, top: float, until: timedelta, bottom: float, color: str) -> str:
    return _line(_at(since), top, _at(until), bottom, color)
