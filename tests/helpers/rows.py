"""Tables of the documentation, each row of which is held by a test."""

import re
from collections.abc import Callable
from typing import TypeVar

from doc_blocks import DOCS

Test = TypeVar("Test", bound=Callable[..., None])


def rows(page: str, heading: str = "") -> list[str]:
    """Return what stands first in each row of the table below a heading, or of the first one on a page."""
    text = (DOCS / page).read_text().partition(heading)[2] if heading else (DOCS / page).read_text()
    table = text.partition("\n| --- |")[2].partition("\n\n")[0]
    return re.findall(r"^\| (.+?) \| ", table, re.MULTILINE)


class Held:
    """Notes which rows of a table have a test."""

    def __init__(self, page: str, heading: str) -> None:
        self.bare = rows(page, heading)
        """Those that have none yet."""

    def __call__(self, first: str) -> Callable[[Test], Test]:
        """Note that a test holds the row that begins so; raises `ValueError` where there is none, or two do."""
        (row,) = [row for row in self.bare if row.startswith(first)]
        self.bare.remove(row)
        return lambda test: test
