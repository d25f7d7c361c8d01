"""Runs Python programs in processes of their own, forked from one that has imported what they import.

Importing Flask and SQLAlchemy takes a processor most of a second. A program that is run fifty times takes it once.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

LIBRARIES = ("flask.cli", "flask_jwt_extended", "flask_sqlalchemy", "cryptography.hazmat.primitives.asymmetric.ec")
"""What the core itself needs; whoever tests that an extra is missing wants to have nothing else."""
EVERYTHING = (*LIBRARIES, "flask_migrate", "alembic.autogenerate", "flask_renewal.standalone.app")
PROGRAM = Path(__file__).with_name("warm_process.py")


class Python:
    """An interpreter that has imported some modules; each program runs in a fork of it."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._process: subprocess.Popen[str] | None = None

    def __call__(
        self, *words: str | Path, cwd: Path, env: Mapping[str, str] = os.environ
    ) -> subprocess.CompletedProcess[str]:
        """Do what `python …` does in this folder with these words: `-c program`, `-m module` or a file."""
        told = [sys.executable, *map(str, words)]
        if not hasattr(os, "fork"):
            return subprocess.run(told, cwd=cwd, env=env, capture_output=True, text=True, check=False)
        with TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            asked = {"words": told, "cwd": str(cwd), "env": dict(env), "out": str(out), "err": str(err)}
            print(json.dumps(asked), file=process.stdin, flush=True)
            code = int(process.stdout.readline())
            return subprocess.CompletedProcess(told, code, out.read_text(), err.read_text())

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, str(PROGRAM), *self._modules]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()  # which closes what it reads from, so it ends


def _running(*modules: str) -> Iterator[Python]:
    with ExitStack() as last:
        python = Python(*modules)
        last.callback(python.close)
        yield python


@pytest.fixture(scope="session")
def python(elsewhere: Path) -> Iterator[Python]:
    """Return what runs programs with all that the application needs imported."""
    yield from _running(*EVERYTHING)


@pytest.fixture(scope="session")
def bare_python(elsewhere: Path) -> Iterator[Python]:
    """Return what runs programs with nothing imported but the libraries of the core, and none of ours."""
    yield from _running(*LIBRARIES)
