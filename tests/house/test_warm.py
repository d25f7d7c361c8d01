"""A program that is run in a fork of a warm Python does what it does in a Python of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from warm import Python

SHOWS = "import os, sys; print(sys.argv[1:], os.getcwd(), os.environ.get('TOLD'), sys.stdin.read(), __name__)\n"
PROGRAMS = {
    "a program": ("-c", SHOWS, "one", "two"),
    "a file": ("here.py", "one"),
    "a module": ("-m", "here", "one"),
    "what lies beside it": ("-c", "import here"),
    "an exit code": ("-c", "import sys; sys.exit(7)"),
    "an exit with a sentence": ("-c", "import sys; sys.exit('It cannot be.')"),
    "a warning": ("-W", "error", "-c", "import warnings; warnings.warn('old', DeprecationWarning)"),
    "a crash": ("-c", "1 / 0"),
    "a signal": ("-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"),
}


@pytest.mark.parametrize("words", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_ends_and_says_as_in_a_process_of_its_own(
    bare_python: Python, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "here.py").write_text(SHOWS)
    environ = {**os.environ, "TOLD": "something", "PYTHONSAFEPATH": ""}
    own = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    warm = bare_python(*words, cwd=tmp_path, env=environ)
    assert (warm.returncode, warm.stdout) == (own.returncode, own.stdout)
    assert warm.stderr.splitlines()[-1:] == own.stderr.splitlines()[-1:]


def test_a_program_leaves_nothing_to_the_next(bare_python: Python, tmp_path: Path) -> None:
    bare_python("-c", "import os, sys; sys.modules['flask'] = None; os.environ['LEFT'] = '1'", cwd=tmp_path)
    done = bare_python("-c", "import flask, os; print('LEFT' in os.environ)", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "False\n")
