"""What `warm` forks: imports the modules it is told, then does for each line of its input what `python …` does."""

import gc
import importlib
import json
import os
import runpy
import sys
import traceback
import warnings
from typing import Any


def next_program() -> Any:
    """Return in a fork of this process what it is to run; the process itself tells how each ended, and stays."""
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            return json.loads(line)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
    return None


def become(told: Any) -> list[str]:
    """Be a process that was started so; return the words behind `python`."""
    new = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    for number, (path, how) in enumerate([(os.devnull, os.O_RDONLY), (told["out"], new), (told["err"], new)]):
        os.dup2(os.open(path, how, 0o600), number)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["env"])
    sys.orig_argv = told["words"]
    return sys.orig_argv[1:]


def run(words: list[str]) -> None:
    while words[0] == "-W":
        warnings.simplefilter(words[1])  # type: ignore[arg-type]
        words = words[2:]
    if words[0] == "-m":
        sys.argv, sys.path[0] = words[1:], os.getcwd()
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    elif words[0] == "-c":
        sys.argv, sys.path[0] = ["-c", *words[2:]], ""
        exec(words[1], {"__name__": "__main__"})
    else:
        sys.argv, sys.path[0] = words, os.path.dirname(os.path.abspath(words[0]))
        runpy.run_path(words[0], run_name="__main__")


def ended(words: list[str]) -> int:
    """Run a program; return its exit code."""
    try:
        run(words)
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return stop.code or 0
        sys.stderr.write(f"{stop.code}\n")
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.freeze()
    if program := next_program():
        code = ended(become(program))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # to take apart all that was imported takes longer than most programs
