"""Which tests run beside each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from patience import PATIENCE
from turns import turn

Turn = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def other_turn(tmp_path: Path) -> Turn:
    """Return `turn` for a room that is not the one in which this test runs."""
    for name in ("gate", "room"):
        (tmp_path / name).touch()
    return partial(turn, gate=tmp_path / "gate", room=tmp_path / "room")


def test_ordinary_tests_run_beside_each_other(other_turn: Turn) -> None:
    with other_turn(alone=False), other_turn(alone=False):
        pass


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True), (True, True)])
def test_one_that_is_alone_waits_and_is_waited_for(other_turn: Turn, first: bool, second: bool) -> None:
    def run() -> None:
        with other_turn(alone=second):
            pass

    with ThreadPoolExecutor(1) as worker:
        with other_turn(alone=first):
            waiting = worker.submit(run)
            with pytest.raises(NotYet):
                waiting.result(timeout=0.1)
        waiting.result(timeout=PATIENCE)
