"""What the machine lacks is a skipped test; with ``RENEWAL_TEST_EVERYTHING=1``, or anything but 0, a failed one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

EVERYTHING = os.environ.get("RENEWAL_TEST_EVERYTHING", "") not in ("", "0")

_OURS = Path(sys.executable).parent
"""Where the programs are that are installed with this Python."""


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be skipped."""
    if EVERYTHING:
        pytest.fail(what)
    pytest.skip(what, allow_module_level=True)


def need(program: str, *, folders: Sequence[Path] = ()) -> str:
    """Return where a program is, beside this Python, on the PATH or in one of these folders; skip without it."""
    path = [_OURS, os.environ.get("PATH", ""), *folders, "/usr/sbin"]
    found = shutil.which(program, path=os.pathsep.join(map(str, path)))
    if found is None:
        missing(f"{program} is not installed")
    return found


def need_chromium() -> str:
    """Return what starts Chromium as cheaply as tests would like it; skip without it."""
    need("chromium")
    return str(Path(__file__).with_name("chromium"))


def need_node(*oldest: int) -> str:
    """Return where Node is, of this version or a later one; skip without it."""
    node = need("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(map(int, version.removeprefix("v").split("."))) < oldest:
        missing(f"node is {version}, this needs {'.'.join(map(str, oldest))} or later")
    return node
