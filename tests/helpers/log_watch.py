"""Fails the test in whose log is a secret: every line of ours is looked at, whether it is shown or not.

Those of the processes that it starts, too: Python loads `watched/sitecustomize.py` there.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from leaks import Watch

WATCH = Watch()


@pytest.fixture(autouse=True, scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the file into which the processes that tests start write what secrets were in their logs."""
    file = tmp_path_factory.mktemp("log_watch") / "leaks"
    file.touch()
    before = os.environ.get("PYTHONPATH")
    watched = str(Path(__file__).with_name("watched"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LOG_WATCH", str(file))
        patched.setenv("PYTHONPATH", os.pathsep.join(filter(None, [watched, before])))
        yield file
    assert _taken(file) == [], "secrets are in the log"


@pytest.fixture(autouse=True)
def _no_secret_is_logged(elsewhere: Path) -> Iterator[None]:
    yield
    assert _taken(elsewhere) == [], "secrets are in the log"


def _taken(file: Path) -> list[str]:
    """Return what has been found since somebody asked, by wider fixtures too."""
    found = [*WATCH.leaks]
    WATCH.leaks.clear()
    if file.stat().st_size:
        found += file.read_text().splitlines()
        os.truncate(file, 0)
    return found
