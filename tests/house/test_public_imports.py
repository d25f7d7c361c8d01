"""A public name is imported when it is asked for, and is the one that type checkers are told of."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import flask_renewal
from flask_renewal import testing

MOST_NAMES = 16
CORE = {"flask", "flask_jwt_extended", "flask_sqlalchemy", "sqlalchemy"}
both = pytest.mark.parametrize("package", [flask_renewal, testing], ids=lambda package: package.__name__)


def told(package: ModuleType) -> dict[str, object]:
    """Return what type checkers are told: the imports in a package's `if TYPE_CHECKING`."""
    tree = ast.parse(Path(str(package.__file__)).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: found(package, node.module, alias.name) for node in imports for alias in node.names
    }


def found(package: ModuleType, module: str | None, name: str) -> object:
    place = import_module(f"{package.__name__}.{module}")
    return getattr(place, name, None) or import_module(f"{place.__name__}.{name}")


@both
def test_whoever_asks_gets_what_type_checkers_are_told_of(package: ModuleType) -> None:
    assert {name: getattr(package, name) for name in package.__all__} == told(package)


@both
def test_a_name_that_there_is_not_is_said_as_everywhere(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        package.nothing  # noqa: B018 - asking is the test


def test_the_names_are_few() -> None:
    assert len(flask_renewal.__all__) <= MOST_NAMES


@both
def test_an_import_alone_waits_for_no_library(package: ModuleType) -> None:
    look = f"import sys, {package.__name__}; print(*set({CORE}) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
