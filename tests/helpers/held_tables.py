"""The tables of the documentation whose rows are held by tests."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from doc_blocks import ROOT

SOURCES = ROOT / "src" / "flask_renewal"
PLACES = (ROOT / "tests", SOURCES / "testing" / "store_suite")
STATES = ("kept", "differs", "yours", "absent", "open")
"""As it is asked; by another rule of ours; the application's task; of what there is not; not kept."""


@dataclass(frozen=True)
class Requirement:
    """One row."""

    number: str
    level: str
    says: str
    where: str
    state: str
    held_by: str

    @property
    def tests(self) -> list[str]:
        return [python or node for python, node in re.findall(r'`([\w.]+)`|"([^"]+)"', self.held_by)]

    @property
    def modules(self) -> list[str]:
        return re.findall(r"`([\w/]+)`", self.where)


@cache
def names_of_tests() -> Counter[str]:
    """Return how many tests have a name, under Node too; of the list of bad inputs each row is one."""
    files = [file for place in PLACES for file in place.rglob("*.py")]
    names = Counter(name for file in files for name in _found(r"^def (test_\w+)\(", file))
    for file in (ROOT / "tests" / "processes").glob("bad_*.py"):
        names.update(f"{file.stem}.{name}" for name in _found(r"^@row\(\d+\)\ndef (\w+)\(", file))
    for file in (ROOT / "tests" / "client").glob("*.test.js"):
        names.update(_found(r'^ *test\("([^"]+)"', file))
    return names


def _found(pattern: str, file: Path) -> list[str]:
    return re.findall(pattern, file.read_text(), re.MULTILINE)


def requirements(text: str) -> Iterator[Requirement]:
    """Return the rows of all tables with six columns."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" |")]
        if line.startswith("| ") and len(cells) == 6 and not cells[0].startswith(("no.", "---")):
            yield Requirement(*cells)


def counted(rows: list[Requirement]) -> str:
    """Return how many there are of each state, as a page says it."""
    states = Counter(row.state for row in rows)
    return f"{len(rows)}: " + ", ".join(f"{states[state]} {state}" for state in STATES)


def check(row: Requirement) -> None:
    """Check that a row is of one state, and that its modules and its tests are there, each name once."""
    assert row.state in STATES, row
    assert row.says
    assert [name for name in row.tests if names_of_tests()[name] != 1] == [], row.number
    assert [name for name in row.modules if not is_module(name)] == [], row.number
    assert row.state not in ("kept", "differs") or row.tests, row.number


def is_module(name: str) -> bool:
    return (SOURCES / name).is_dir() or (SOURCES / f"{name}.py").is_file()
