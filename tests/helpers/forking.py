"""A process that is forked in the middle of a test."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")


def ends_well_in_a_fork(act: Callable[[], Any]) -> bool:
    """Say whether `act` returns something true in a child, within 30 seconds."""
    child = os.fork()
    if child == 0:
        signal.alarm(30)  # instead of waiting for ever for a thread that is not there
        os._exit(0 if act() else 1)
    return os.waitpid(child, 0)[1] == 0
