"""Draws how a gateway works: who asks whom, and what comes of it."""

from drawing import svg, text

_PEOPLE = ("browser", "proxy", "this application", "what lies behind")
_LANES = dict(zip(_PEOPLE, (80, 300, 520, 740), strict=True))
_TOP, _ROW = 64, 40
_STEPS = (
    ("signed in", "#d8f0dc"),
    ("browser", "proxy", "GET /report"),
    ("proxy", "this application", "/auth/verify"),
    ("this application", "proxy", "204, X-Auth-User"),
    ("proxy", "what lies behind", "GET /report, X-Auth-User"),
    ("what lies behind", "browser", "the report"),
    ("signed out", "#f9d9d5"),
    ("browser", "proxy", "GET /report"),
    ("proxy", "this application", "/auth/verify"),
    ("this application", "browser", "303 to /login?next=/report"),
)
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>'
)


def gateway() -> str:
    """Return the two cases as an SVG picture."""
    height = _TOP + len(_STEPS) * _ROW
    parts = [
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    ]
    parts += ['<path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>']
    for name, left in _LANES.items():
        parts.append(f'<line x1="{left}" y1="44" x2="{left}" y2="{height - 12}" stroke="#ccc"/>')
        parts.append(f'<rect x="{left - 76}" y="10" width="152" height="34" rx="6" fill="#f3f1e7" stroke="#999"/>')
        parts.append(text(left, 32, name, bold=True))
    for row, step in enumerate(_STEPS):
        draw = _case if len(step) == 2 else _arrow
        parts.append(draw(*step, _TOP + row * _ROW))  # type: ignore[operator]
    return svg(820, height, parts, "Each request goes to the proxy, which asks this application whether it may pass")


def _case(words: str, color: str, top: float) -> str:
    return f'<rect x="4" y="{top}" width="812" height="26" fill="{color}"/>' + text(14, top + 18, words, anchor="start")


def _arrow(source: str, target: str, words: str, top: float) -> str:
    start, end = _LANES[source], _LANES[target]
    line = f'<line x1="{start}" y1="{top + 26}" x2="{end}" y2="{top + 26}" stroke="#555" marker-end="url(#tip)"/>'
    half, wide = (start + end) / 2, 8.4 * len(words)
    ground = f'<rect x="{half - wide / 2}" y="{top + 4}" width="{wide}" height="19" fill="#fff"/>'
    return line + ground + text(half, top + 19, words)
