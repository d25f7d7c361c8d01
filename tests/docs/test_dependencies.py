"""The page on dependencies: each of them, and no other."""

import ast
import re
import sys
from configparser import ConfigParser

import pytest
from doc_blocks import DOCS, ROOT

PAGE = (DOCS / "dependencies.md").read_text()
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
CONFIGURATION = ConfigParser()
CONFIGURATION.read(ROOT / "setup.cfg")
EXTRAS = CONFIGURATION["options.extras_require"]
BY_SECTION = {
    "Always": [CONFIGURATION["options"]["install_requires"]],
    "By extras": [EXTRAS[name] for name in EXTRAS if name not in ("docs", "test")],
    "To build the documentation": [EXTRAS["docs"]],
    "To test": [EXTRAS["test"]],
}
OF_ITS_USERS = {"pytest", "_typeshed"}
"""What the test kit is for, and what only checkers of types read."""
CALLED = {"jwt": "pyjwt", "argon2": "argon2-cffi"}
"""What is imported under another name than it is installed by."""


def named(requirements: str) -> set[str]:
    found = re.findall(r"^([a-z0-9-]+)(?:\[[\w,]+\])?[<>=]", requirements, re.MULTILINE)
    return set(found) - {"flask-renewal"}


def cells(section: str, column: int) -> str:
    rows = [line.split(" |") for line in SECTIONS[section].splitlines() if line.startswith("| `")]
    return "\n".join(row[column] for row in rows)


@pytest.mark.parametrize("section", BY_SECTION)
def test_each_dependency_is_on_the_page_and_no_other(section: str) -> None:
    told = re.findall(r"`([a-z0-9-]+)`", cells(section, 0))
    assert len(told) == len(set(told))
    assert set(told) == {name for requirements in BY_SECTION[section] for name in named(requirements)}


def test_what_is_imported_is_installed() -> None:
    told = "\n".join(cells(section, column) for section in ("Always", "By extras") for column in (0, 2))
    installed = set(re.findall(r"`([a-z0-9-]+)`", told))
    imported = set()
    for file in (ROOT / "src" / "flask_renewal").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).partition(".")[0])
    strangers = imported - sys.stdlib_module_names - {"flask_renewal"} - OF_ITS_USERS
    assert {CALLED.get(name, name).replace("_", "-") for name in strangers} <= installed
