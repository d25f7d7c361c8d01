"""Another extension beside ours, set up before it or after it."""

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import pytest
from everything import missing
from flask import Flask

SetUp = Callable[[Flask], object]

orders = pytest.mark.parametrize("ours_first", [False, True], ids=["the other first", "Renewal first"])


def extension(name: str) -> Any:
    """Import another extension; skip the tests of a file without it."""
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        missing(f"{name} is not installed: it has no version for this Python, or the extra `test` is not there")
    return importlib.import_module(name)


def beside(adopt: Callable[..., Flask], set_up: SetUp, *, ours_first: bool, **options: Any) -> Flask:
    """Make a host that has the other extension, too."""
    app = adopt(prepare=None if ours_first else set_up, SECRET_KEY="a secret of the host's own", **options)
    if ours_first:
        set_up(app)
    return app
