"""Files and functions stay short enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import tree

ROOT = Path(__file__).parents[2]
MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_FUNCTION = 40


def files() -> list[Path]:
    return sorted(path for folder in ("src/flask_renewal", "tests", "tools") for path in (ROOT / folder).rglob("*.py"))


def too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    if len(text.splitlines()) > MOST_LINES_OF_A_FILE:
        yield "the file"
    for node in ast.walk(tree(path)):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION:
            yield node.name


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_longer_than_a_reader_can_hold(path: Path) -> None:
    assert list(too_long(path)) == []
