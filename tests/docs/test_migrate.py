"""The page on moving an application over shows what the moves of the examples are, line by line."""

import difflib
import re

import pytest
from doc_blocks import DOCS, ROOT, blocks

EXAMPLES = ROOT / "examples" / "existing_app"
PAGE = DOCS / "migrate.md"
NAMES = ("login", "jwt_extended")


def diff(name: str) -> str:
    """Return what `diff -U1` says of the two versions."""
    before, after = ((EXAMPLES / version / f"{name}.py").read_text().splitlines() for version in ("before", "after"))
    lines = difflib.unified_diff(before, after, f"before/{name}.py", f"after/{name}.py", lineterm="", n=1)
    return "".join(f"{line.rstrip()}\n" for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_a_diff_is_that_of_the_files(name: str) -> None:
    assert diff(name) in [block.text for block in blocks("diff") if block.page == PAGE]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_how_many_lines_the_move_is(name: str) -> None:
    lines = diff(name).splitlines()[2:]
    new, gone = (sum(re.fullmatch(rf"\{sign}.*\S.*", line) is not None for line in lines) for sign in "+-")
    assert f"`{name}.py`: {new} lines are new or changed, {gone} are gone" in PAGE.read_text()
