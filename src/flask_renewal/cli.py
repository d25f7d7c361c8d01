"""The command line: `flask users …`, `flask sessions …`. One sentence out; an exit code other than 0 on failure."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from .errors import RenewalError
from .services import current
from .stores.base import Session

users = AppGroup("users", help="Add users and disable them.")
sessions = AppGroup("sessions", help="List sessions, end them, purge those that are over.")


class _Refusal(click.ClickException):
    """A refusal, shown as its sentence."""

    def __init__(self, error: RenewalError) -> None:
        super().__init__(error.detail)


@users.command("add")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add_user(name: str, password_stdin: bool) -> None:
    """Add the user NAME, for example: flask users add alice"""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        current().accounts.add(name, password)
    except RenewalError as error:
        raise _Refusal(error) from error
    click.echo(f"Added {name}.")


@users.command("disable")
@click.argument("name")
def disable_user(name: str) -> None:
    """Let the user NAME sign in no more and end all sessions, for example: flask users disable alice"""
    try:
        ended = current().accounts.disable(name)
    except RenewalError as error:
        raise _Refusal(error) from error
    click.echo(f"Disabled {name} and ended {_count(ended, 'session')}.")


@sessions.command("list")
@click.argument("name")
def list_sessions(name: str) -> None:
    """List the living sessions of the user NAME, for example: flask sessions list alice"""
    try:
        found = current().sessions.list(current().accounts.find(name).id)
    except RenewalError as error:
        raise _Refusal(error) from error
    for session in found:
        click.echo(_line(session))
    click.echo(f"{name} has {_count(len(found), 'session')}.")


@sessions.command("end")
@click.argument("session_id", required=False)
@click.option("--user", "name", help="End all sessions of this user.")
def end_sessions(session_id: str | None, name: str | None) -> None:
    """End one session, or all of a user, for example: flask sessions end --user alice"""
    if (session_id is None) == (name is None):
        raise click.UsageError("Give either a session id or --user NAME.")
    try:
        ended = _end(session_id, name)
    except RenewalError as error:
        raise _Refusal(error) from error
    click.echo(f"Ended {_count(ended, 'session')}.")


def _end(session_id: str | None, name: str | None) -> int:
    services = current()
    if name is not None:
        return services.sessions.end_all(services.accounts.find(name).id, reason="ended_by_operator")
    services.sessions.end(session_id or "", reason="ended_by_operator")
    return 1


@sessions.command("purge")
def purge_sessions() -> None:
    """Delete the rows of sessions that are over, in small batches, for example: flask sessions purge"""
    try:
        purged = sum(batch for batch in current().sessions.purge())
    except RenewalError as error:
        raise _Refusal(error) from error
    click.echo(f"Purged {_count(purged, 'session')}.")


def _line(session: Session) -> str:
    last = session.last_used_at.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{session.id}  last used {last}  {session.device or session.user_agent or 'unknown device'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def install(app: Flask) -> None:
    """Add the commands, except where the host has a command of that name."""
    for group in (users, sessions):
        if group.name not in app.cli.commands:
            app.cli.add_command(group)
