"""The page on conformance: no number of a chapter is left out, each is held by tests that are there."""

import pytest
from doc_blocks import DOCS
from held_tables import Requirement, check, counted, requirements

PAGE = (DOCS / "conformance.md").read_text()
TABLES = {part.split(":")[0].strip("# "): part for part in PAGE.split("\n## ")[1:]}
CHAPTERS = {
    "ASVS 5.0, V3": (1, 3, 5, 8, 8, 1, 5),
    "ASVS 5.0, V6": (3, 12, 8, 6, 8, 4, 2, 4),
    "ASVS 5.0, V7": (3, 4, 2, 5, 3, 2),
    "ASVS 5.0, V9": (3, 4),
}
"""How many requirements each section of a chapter has, in ASVS 5.0.0."""
ROWS = {name: list(requirements(text)) for name, text in TABLES.items()}
EVERY = [pytest.param(row, id=f"{name} {row.number}") for name, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize("row", EVERY)
def test_a_number_is_held_by_tests_that_are_there(row: Requirement) -> None:
    assert row.level in ("1", "2", "3", "MUST", "SHOULD", "advice")
    check(row)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_number_of_a_chapter_is_left_out(chapter: str) -> None:
    number = chapter.rpartition("V")[2]
    sections = enumerate(CHAPTERS[chapter], start=1)
    asked = [f"{number}.{section}.{one}" for section, many in sections for one in range(1, many + 1)]
    assert [row.number for row in ROWS[chapter]] == asked


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_how_many_of_its_rows_are_kept(table: str) -> None:
    numbers = [row.number for row in ROWS[table]]
    assert len(set(numbers)) == len(numbers)
    assert f"\n{counted(ROWS[table])}.\n" in TABLES[table]
