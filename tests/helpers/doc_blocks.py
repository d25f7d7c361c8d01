"""The blocks of code in the documentation, and how tests run programs on them."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LONGEST_RUN = 300
"""Seconds."""
PAGES = sorted([ROOT / "README.md", *DOCS.glob("*.md")])  # what is in docs/recipes is run by tests/recipes


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    page: Path
    language: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"{self.page.name} line {self.line}"


def blocks(language: str) -> list[Block]:
    fence = re.compile(r"^```([\w-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [
        Block(page, match[1], match[2], page.read_text()[: match.start()].count("\n") + 1)
        for page in PAGES
        for match in fence.finditer(page.read_text())
        if match[1] == language
    ]


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **(env or {})}
    return subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=LONGEST_RUN, check=False
    )
