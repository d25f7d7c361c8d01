"""Writes the pages that are tables in the code: settings, commands, causes."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import click

from flask_renewal.entrances.cli.keys import keys
from flask_renewal.entrances.cli.renewal import renewal
from flask_renewal.entrances.cli.sessions import sessions
from flask_renewal.entrances.cli.users import users
from flask_renewal.identity.sessions.causes import CAUSES
from flask_renewal.settings import Setting


def settings(rows: Sequence[Setting]) -> str:
    """Return the table of settings in Markdown."""
    lines = ["| key | default | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{row.key}` | {_value(row.default)} | {row.meaning.replace('|', chr(92) + '|')} |" for row in rows]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if not isinstance(value, timedelta):
        return "1/3" if value == 1 / 3 else f"`{value!r}`"
    seconds = int(value.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % size == 0:
            number = seconds // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds} seconds"


def commands() -> str:
    """Return the help of every command in Markdown."""
    return "\n".join(part for group in (users, sessions, keys, renewal) for part in _group(group))


def _group(group: click.Group) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):  # all are below `flask renewal` too
            continue
        words = f"flask {group.name} {name}"
        context = click.Context(command, info_name=words, max_content_width=100, terminal_width=100)
        yield f"## {words}\n\n```text\n{command.get_help(context)}\n```\n"


def causes() -> str:
    """Return why sessions are over, in Markdown."""
    lines = ["| reason | what happened | what to do |", "| --- | --- | --- |"]
    lines += [f"| `{reason}` | {cause.happened} | {cause.advice} |" for reason, cause in CAUSES.items()]
    return "\n".join(lines) + "\n"
