"""The page on what has failed elsewhere: each failure once, with a number, and a test that is there."""

import re

import pytest
from doc_blocks import DOCS
from held_tables import names_of_tests

FEWEST = 40
ITEMS = re.findall(r"^- (.+(?:\n  .+)*)", (DOCS / "failures.md").read_text(), re.MULTILINE)
LINK = re.compile(r"\[([\w.-]+/[\w.-]+)#(\d+)\]\(https://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d+)\)")


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.partition("]")[0].strip("["))
def test_a_failure_has_a_number_and_a_test_that_is_there(item: str) -> None:
    [(name, number, repository, place)] = LINK.findall(item)
    assert (name, number) == (repository, place)
    [test] = re.findall(r"`(test_\w+)`", item)
    assert test in names_of_tests()


def test_there_are_enough_and_each_is_told_once() -> None:
    links = [LINK.findall(item)[0] for item in ITEMS]
    assert len(links) == len(set(links)) >= FEWEST
    held = re.findall(r"`(test_\w+)`", (DOCS / "failures.md").read_text())
    assert len(held) == len(set(held)) == len(ITEMS)
