"""A bar chart as SVG, so that no plotting library is needed."""

from collections.abc import Sequence
from html import escape

WIDTH, LABELS, BAR, GAP = 820, 300, 18, 8

Bar = tuple[str, float, bool]
"""Label, value, and whether it is ours."""


def bars(title: str, panels: Sequence[tuple[str, Sequence[Bar]]]) -> str:
    """Return panels of horizontal bars, each panel to its own scale."""
    height = 50 + sum(40 + len(rows) * (BAR + GAP) for _, rows in panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-size="13"',
        f'font-family="system-ui, sans-serif"><title>{escape(title)}</title>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="28" font-size="17" font-weight="600" fill="#111827">{escape(title)}</text>',
    ]
    top = 50
    for name, rows in panels:
        parts.append(f'<text x="16" y="{top + 18}" font-weight="600" fill="#374151">{escape(name)}</text>')
        top += 30
        most = max((value for _, value, _ in rows), default=1) or 1
        for label, value, is_ours in rows:
            length = (WIDTH - LABELS - 90) * value / most
            parts.append(
                f'<text x="{LABELS - 10}" y="{top + 13}" text-anchor="end" fill="#111827">{escape(label)}</text>'
            )
            fill = "#1d4ed8" if is_ours else "#9ca3af"
            parts.append(f'<rect x="{LABELS}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2" fill="{fill}"/>')
            parts.append(f'<text x="{LABELS + length + 8:.1f}" y="{top + 13}" fill="#111827">{value:.2f}</text>')
            top += BAR + GAP
        top += 10
    return "\n".join([*parts, "</svg>", ""])
