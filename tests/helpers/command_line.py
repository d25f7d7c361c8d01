"""Running `flask …` on an application."""

from collections.abc import Callable
from typing import IO

from click.testing import Result
from flask import Flask

Run = Callable[..., Result]


def command_line(app: Flask) -> Run:
    """Return what runs the words of a command line, with what is typed; a traceback is a failure of the test."""
    runner = app.test_cli_runner()

    def run(*words: str, typed: str | bytes | IO[bytes] | None = None) -> Result:
        result = runner.invoke(args=list(words), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert "Traceback" not in result.output
        return result

    return run
