"""The documentation tells of every signal: its line in the log, and its arguments."""

import pytest
from blinker import NamedSignal
from doc_blocks import DOCS

from flask_renewal import signals

ALL = sorted(value.name for value in vars(signals).values() if isinstance(value, NamedSignal))


@pytest.mark.parametrize("name", ALL)
def test_a_signal_has_its_row_in_both_tables(name: str) -> None:
    assert f"\n| `{name}` | " in (DOCS / "security.md").read_text()
    assert f"`{name.replace('-', '_')}`" in (DOCS / "your-app.md").read_text().partition("## What you may listen to")[2]
