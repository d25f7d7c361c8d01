"""What the documentation and the examples import is public: where something is kept inside is no promise."""

import re
from pathlib import Path

import pytest
from doc_blocks import DOCS, PAGES, ROOT

import flask_renewal

PUBLIC = {*flask_renewal.__all__, "rotation", "testing"}
READ = [
    *PAGES,
    *DOCS.glob("*.rst"),
    *DOCS.glob("recipes/*.md"),
    *(ROOT / "examples").glob("*_app/**/*.py"),
    *(ROOT / "examples").glob("recipes/**/*.py"),
]
NAMED = re.compile(r"\bflask_renewal\.(\w+)|^ *from flask_renewal import ([\w, ]+)", re.MULTILINE)


@pytest.mark.parametrize("page", READ, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_what_is_public(page: Path) -> None:
    named = {name for found in NAMED.findall(page.read_text()) for part in found for name in part.split(", ")}
    assert named - {""} <= PUBLIC
