"""What the pages of the recipes show: the very files that the tests run, and how many lines the client saves.

``python tests/recipes/showing.py`` writes both into the pages anew.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples" / "recipes"
PAGES = ROOT / "docs" / "recipes"

DESIGNS = {
    "two-tokens.md": ("two-tokens/cookie.js", "two-tokens/client.js"),
    "one-token.md": ("one-token/classic.js", "one-token/client.js"),
    "devices.md": ("devices/classic.js", "devices/client.js"),
    "react-context.md": ("react-context/classic.jsx", "react-context/client.jsx"),
    "stored-tokens.md": ("stored-tokens/classic.js", "stored-tokens/client.js"),
}
"""Each design's page, and its session part as it is usually written and on the client."""

_FILE = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SENTENCE = re.compile(r"`([\w.-]+)` has \d+ lines of code, `([\w.-]+)` \d+: \d+ saved")
_ROW = re.compile(r"^(\| \[[^]]+\]\((\S+?)\) \|.*\|) \d+ \| \d+ \| \d+ \|$", re.MULTILINE)


def lines_of(name: str) -> int:
    """Count the lines of a file that are code: not blank, and no comment from end to end."""
    lines = (line.strip() for line in (RECIPES / name).read_text().splitlines())
    return sum(bool(line) and not line.startswith(("//", "/*", "*")) for line in lines)


def shown(text: str) -> list[str]:
    """Return the names of the files that a page shows."""
    return [match[1] for match in _FILE.finditer(text)]


def renewed(page: Path) -> str:
    """Return the text of a page with today's files and numbers in it."""
    text = _FILE.sub(_with_file, page.read_text())
    text = _SENTENCE.sub(lambda match: _sentence(page.stem, match), text)
    return _ROW.sub(_row, text)


def _with_file(match: re.Match[str]) -> str:
    opening = match[0].split("\n")[:3]
    return "\n".join([*opening, (RECIPES / match[1]).read_text() + "```"])


def _sentence(folder: str, match: re.Match[str]) -> str:
    classic, client = (lines_of(f"{folder}/{name}") for name in match.groups())
    return f"`{match[1]}` has {classic} lines of code, `{match[2]}` {client}: {classic - client} saved"


def _row(match: re.Match[str]) -> str:
    classic, client = (lines_of(name) for name in DESIGNS[match[2]])
    return f"{match[1]} {classic} | {client} | {classic - client} |"


if __name__ == "__main__":
    for page in PAGES.glob("*.md"):
        page.write_text(renewed(page))
