"""Imports go down only, by the plan in `docs/house.py`. A file without a floor fails; there are no exceptions."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from house import MODULES, PACKAGE, ROOMS, imported, picture, room_of, tree

MOST_AT_THE_TOP = 12
HEAVY = {
    *("alembic", "argon2", "flask_babel", "flask_migrate", "prometheus_client", "pytest", "redis", "requests"),
    *("ua_parser", "waitress"),
}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_floors_below_or_from_its_own_room(module: str) -> None:
    room = room_of(module)
    outside = {other: room_of(other) for other in imported(module) if room_of(other) != room}
    assert not [other for other, its in outside.items() if ROOMS[its] >= ROOMS[room]]


def test_no_modules_go_round_in_a_circle() -> None:
    TopologicalSorter({module: imported(module) for module in MODULES}).prepare()


@pytest.mark.parametrize("module", MODULES)
def test_no_import_hides_in_a_function(module: str) -> None:
    functions = (node for node in ast.walk(tree(MODULES[module])) if isinstance(node, ast.FunctionDef))
    inside = (inner for node in functions for inner in ast.walk(node))
    assert not [node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)]


def test_the_top_of_the_house_is_seen_at_a_glance() -> None:
    assert len([entry for entry in PACKAGE.iterdir() if entry.name != "__pycache__"]) <= MOST_AT_THE_TOP


@pytest.mark.parametrize("folder", sorted({file.parent for file in MODULES.values()} - {PACKAGE}), ids=str)
def test_a_folder_says_what_lives_there(folder: Path) -> None:
    assert ast.get_docstring(tree(folder / "__init__.py"))


def test_the_picture_shows_every_room() -> None:
    drawn = picture()
    assert not [room for room in ROOMS if f">{room.replace('.', '/')}<" not in drawn and room != "entrances"]


def test_who_adopts_the_extension_does_not_wait_for_what_it_does_not_use() -> None:
    look = f"import sys; from flask_renewal import Renewal; print(*{HEAVY} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
