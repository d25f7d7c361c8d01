"""Draws the rotation rule by asking it: no diagram can say anything else than the code does."""

from datetime import datetime, timedelta, timezone
from html import escape

from flask_renewal.rotation import Chain, Verdict, judge, step

WINDOW = timedelta(seconds=60)
ROTATED = datetime(2026, 1, 1, tzinfo=timezone.utc)
LATE = timedelta(days=30)
CHAIN = Chain(
    superseded="A",
    current="B",
    next="C",
    rotated_at=ROTATED,
    idle_expires_at=ROTATED + LATE,
    expires_at=ROTATED + LATE,
)

TOKENS = (
    ("C", "the newest", "handed out last"),
    ("B", "the one before", "used to get C"),
    ("A", "the one before that", "used to get B"),
    ("?", "any other", "of the same session"),
)
MOMENTS = (("within the quiet window", timedelta(seconds=10)), ("later", timedelta(minutes=10)))
TOLD = {
    Verdict.ROTATE: ("rotate", "hand out the next token", "#d8f0dc"),
    Verdict.REPLACE: ("replace", "C was lost: hand out another", "#d9e8fb"),
    Verdict.QUIET: ("quiet", "an access token, nothing written", "#f3f1e7"),
    Verdict.REUSE: ("reuse", "end the session", "#f9d9d5"),
}

_ROW, _LEFT, _WIDE = 58, 230, 250


def rule() -> str:
    """Return the table of verdicts as an SVG picture."""
    parts = [text(_LEFT + _WIDE * column + _WIDE / 2, 22, title) for column, (title, _) in enumerate(MOMENTS)]
    for row, (token, name, about) in enumerate(TOKENS):
        top = 36 + row * _ROW
        parts += [
            _token(24, top + 11, token),
            text(62, top + 24, name, anchor="start"),
            _small(62, top + 40, about, anchor="start"),
        ]
        for column, (_, passed) in enumerate(MOMENTS):
            verdict = judge(CHAIN, token, now=ROTATED + passed, window=WINDOW)
            parts.append(_verdict(_LEFT + _WIDE * column, top, verdict))
    return svg(_LEFT + _WIDE * 2, 36 + len(TOKENS) * _ROW, parts, "What a presented refresh token means")


def chain() -> str:
    """Return what the two verdicts that write make of a session row, as an SVG picture."""
    parts = [text(150 + 110 * column, 20, name) for column, name in enumerate(("superseded", "current", "next"))]
    rows = [("before", CHAIN)]
    for verdict in (Verdict.ROTATE, Verdict.REPLACE):
        rows.append(
            (f"after {TOLD[verdict][0]}", step(CHAIN, verdict, fresh="D", now=ROTATED, idle_expires_at=ROTATED))
        )
    for row, (name, state) in enumerate(rows):
        top = 34 + row * 46
        parts.append(text(10, top + 22, name, anchor="start"))
        for column, token in enumerate((state.superseded, state.current, state.next)):
            parts.append(_token(133 + 110 * column, top, token or "none"))
    return svg(430, 34 + len(rows) * 46, parts, "A session row before and after a rotation and a replacement")


def _verdict(left: float, top: float, verdict: Verdict) -> str:
    name, about, color = TOLD[verdict]
    middle = left + _WIDE / 2
    box = f'<rect x="{left + 4}" y="{top + 3}" width="{_WIDE - 8}" height="{_ROW - 6}" rx="6" fill="{color}"/>'
    return box + text(middle, top + 25, name, bold=True) + _small(middle, top + 42, about)


def _token(left: float, top: float, name: str) -> str:
    box = f'<rect x="{left}" y="{top}" width="34" height="34" rx="6" fill="#fff" stroke="#555"/>'
    return box + text(left + 17, top + 23, name, bold=True)


def text(left: float, top: float, words: str, *, anchor: str = "middle", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{left}" y="{top}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _small(left: float, top: float, words: str, *, anchor: str = "middle") -> str:
    return f'<text x="{left}" y="{top}" text-anchor="{anchor}" font-size="12" fill="#555">{escape(words)}</text>'


def svg(width: float, height: float, parts: list[str], title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="15" fill="#222">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{width}" height="{height}" fill="#fff" rx="8"/>{"".join(parts)}</svg>\n'
    )
