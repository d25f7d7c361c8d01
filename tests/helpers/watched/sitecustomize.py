"""Looks at each record of a process that a test starts, whether it is shown or not; Python itself loads this first.

What it finds goes into the file that `log_watch` names, and fails the test there.
"""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
from leaks import Watch

sys.path.pop()


class _Elsewhere(Watch):
    """Tells the test's own process."""

    def note(self, leaks: list[str]) -> None:
        if leaks:
            with open(os.environ["LOG_WATCH"], "a") as file:
                file.writelines(f"{leak}, by {' '.join(sys.orig_argv)[:200]}\n" for leak in leaks)


if "LOG_WATCH" in os.environ:
    _Elsewhere()
