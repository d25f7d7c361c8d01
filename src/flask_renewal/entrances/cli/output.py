"""What the commands say: one sentence, or JSON; refusals on standard error with an exit code other than 0."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import click

from ...ground.errors import RenewalError

DASHES = {"ignore_unknown_options": True}
"""For a command that takes an id or a name: it may begin with a dash, and is no option then."""

Command = TypeVar("Command", bound=Callable[..., Any])


class Refusal(click.ClickException):
    """A refusal, shown as its sentence, or with ``--json`` as an object with its code."""

    def __init__(self, error: RenewalError, *, as_json: bool) -> None:
        super().__init__(error.detail)
        self._shown = json.dumps({"code": error.code, "detail": error.detail}) if as_json else None

    def show(self, file: Any = None) -> None:
        """Write to standard error; `file` is where Click would have it."""
        if self._shown is None:
            super().show(file)
        else:
            click.echo(self._shown, err=True)


@contextmanager
def refusing(*, as_json: bool) -> Iterator[None]:
    """Tell refusals as the command line does."""
    try:
        yield
    except RenewalError as error:
        raise Refusal(error, as_json=as_json) from error


def tell(sentence: str, facts: Any, *, as_json: bool) -> None:
    """Say what was done: the sentence, or the facts as JSON."""
    click.echo(json.dumps(facts) if as_json else sentence)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Answer with JSON, for programs.")(command)


def dry_run_option(command: Command) -> Command:
    """Add ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")(command)


def example(line: str) -> str:
    """Return the end of a command's help, kept on a line of its own."""
    return f"\b\nExample: {line}"


def count(number: int, noun: str) -> str:
    """Return the number with the noun, in the plural but for one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shown_time(moment: datetime) -> str:
    """Return a point in time in UTC, as people read it."""
    return moment.strftime("%Y-%m-%d %H:%M:%SZ")
