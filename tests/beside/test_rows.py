"""Each row of the page on other extensions has tests, and each file of tests here a row."""

from pathlib import Path

import pytest
from rows import rows

TESTS = Path(__file__).parents[1]
PAGE = "beside.md"
ELSEWHERE = {
    "Flask-WTF": "ground/test_csrf.py",
    "Flask-RESTX, Flask-RESTful": "guard/test_access_in_resources.py",
    "Flask-CORS": "api/test_cors_hosts.py",
    "a blueprint `renewal`": "ground/test_csrf.py",
    "a group `users`": "cli/test_cli_groups.py",
}
"""Tests that are in the room of what they are about."""


def file_of(row: str) -> Path:
    return TESTS / ELSEWHERE.get(row, f"beside/test_{row.lower().replace('-', '_')}.py")


@pytest.mark.parametrize("row", rows(PAGE))
def test_a_row_has_tests(row: str) -> None:
    assert "def test_" in file_of(row).read_text()


def test_what_is_tested_has_a_row() -> None:
    here = {file for file in Path(__file__).parent.glob("test_flask_*.py") if "jwt" not in file.name}
    assert here <= set(map(file_of, rows(PAGE)))
    assert set(ELSEWHERE) <= set(rows(PAGE))
