"""What tests a module is found by its name: `stores/redis.py` by `tests/stores/test_redis….py`.

Basenames are unique among all tests, so where another room has a module of the same name, or a file is better read
with its room's name in front, that is `test_<room>_<module>….py`.
"""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from house import MODULES, room_of, tree

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("test_*.py"))
TOGETHER = {
    "entrances.api": "asked by its routes, as clients know it",
    "testing": "used as its users do: a test meets a client, which the other modules are the inside of",
}
"""Rooms whose modules are tested as one, by files that have the room's name."""


def has_code(module: str) -> bool:
    """Say whether there is anything in a module to be run: tables, values and protocols only say what is."""
    functions = (node for node in ast.walk(tree(MODULES[module])) if isinstance(node, ast.FunctionDef))
    return MODULES[module].name != "__init__.py" and any(not is_a_docstring(node.body) for node in functions)


def is_a_docstring(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def names(module: str) -> set[str]:
    """Return how a module's tests may be called: by itself, or by a folder that it is in below its room."""
    room = room_of(module)
    place = room.rpartition(".")[2]
    inside = [place] if room == module or room in TOGETHER else module.removeprefix(f"{room}.").split(".")
    return {f"test_{prefix}{name}" for name in inside for prefix in ("", f"{place}_")}


@pytest.mark.parametrize("module", list(filter(has_code, MODULES)))
def test_a_modules_tests_are_found_by_its_name(module: str) -> None:
    room = room_of(module)
    there = [file.stem for file in FILES if room == module or file.parent.name == room.rpartition(".")[2]]
    assert [stem for stem in there for name in names(module) if f"{stem}_".startswith(f"{name}_")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TESTS)))
def test_a_file_of_tests_says_what_it_is_about(file: Path) -> None:
    assert ast.get_docstring(tree(file))


def test_no_two_files_of_tests_have_one_name() -> None:
    apart = [file for file in FILES if not (file.parent / "__init__.py").exists()]
    assert [name for name, times in Counter(file.stem for file in apart).items() if times > 1] == []


def test_every_folder_of_tests_is_told_of_in_one_line() -> None:
    told = re.findall(r"^\| `(\w+)` \| .+ \|$", (TESTS / "README.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted(file.name for file in TESTS.iterdir() if file.is_dir() and file.name != "__pycache__")
