"""The browser client keeps its promises in every order in which things can happen, up to two departures from the plain.

What it promises two tabs: never a token of somebody else, never signed in after a sign-out, never two renewals at once
because of itself, and an end of everything. Run by Node; skipped where it is missing.
"""

import subprocess
from pathlib import Path

import pytest
from everything import need_node

CLIENT = Path(__file__).parent / "client"
SPARING = ("--max-semi-space-size=64", "--stack-trace-limit=0")
"""A fourth of the time would go into collecting the little that each run leaves, and into traces of expected errors."""


@pytest.fixture(scope="module")
def node() -> str:
    return need_node(20, 3)


def test_the_client_keeps_its_promises_in_every_order(node: str) -> None:
    command = [node, *SPARING, str(CLIENT / "exploration.js")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    runs = [int(line.split()[-2]) for line in done.stdout.splitlines()]
    assert len(runs) == 6
    assert min(runs) > 15
