"""`flask users …`."""

import sys
from typing import Any

import click
from flask.cli import AppGroup

from ...ground.errors import InvalidRequestError
from ...ground.text import USERNAME_MAX_CHARACTERS, label
from ...identity.services import current
from ...identity.users.base import Account
from ...identity.users.passwords import LONGEST_BYTES
from .output import DASHES, count, dry_run_option, example, json_option, refusing, tell

_stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)

users = AppGroup("users", help="Add users, list, disable and delete them.")


@users.command("add", context_settings=DASHES, epilog=example("flask users add alice"))
@click.argument("name")
@_stdin_option
@json_option
def add_user(name: str, password_stdin: bool, as_json: bool) -> None:
    """Add the user NAME; asks for the password."""
    with refusing(as_json=as_json):
        account = current().accounts.add(name, _password(from_stdin=password_stdin, as_json=as_json))
    tell(f"Added {name}.", {"id": account.id, "username": account.username}, as_json=as_json)


@users.command("password", context_settings=DASHES, epilog=example("flask users password alice"))
@click.argument("name")
@_stdin_option
@json_option
def set_password(name: str, password_stdin: bool, as_json: bool) -> None:
    """Set a new password for the user NAME and end all sessions; asks for the password."""
    accounts = current().accounts
    with refusing(as_json=as_json):
        user_id = accounts.find(name).id
        ended = accounts.set_password(user_id, _password(from_stdin=password_stdin, as_json=as_json))
    sentence = f"Changed the password of {name} and ended {count(ended, 'session')}."
    tell(sentence, {"username": name, "ended": ended}, as_json=as_json)


def _password(*, from_stdin: bool, as_json: bool) -> str:
    if from_stdin:
        return _line_of_stdin()
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=as_json))


def _line_of_stdin() -> str:
    """Return the first line, and of a longer one than any password as much as is too long."""
    try:
        return sys.stdin.readline(2 * LONGEST_BYTES).rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidRequestError("The password is not UTF-8.", field="password") from None


@users.command("list", epilog=example("flask users list"))
@json_option
def list_users(as_json: bool) -> None:
    """List the users by name; with --json one object a line, for there may be many."""
    number = 0
    with refusing(as_json=as_json):
        for number, account in enumerate(current().users.list(), start=1):  # noqa: B007 - it is asked at the end
            tell(_line(account), _facts(account), as_json=as_json)
    if not as_json:
        click.echo(f"{count(number, 'user')}.")


def _facts(account: Account) -> dict[str, Any]:
    made = account.created_at and account.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": account.id, "username": account.username, "created_at": made, "disabled": account.disabled}


def _line(account: Account) -> str:
    name = label(account.username, longest=USERNAME_MAX_CHARACTERS)  # a host's own may hold what steers a terminal
    since = f"  since {account.created_at:%Y-%m-%d}" if account.created_at else ""
    return f"{account.id}  {name}{since}{'  disabled' if account.disabled else ''}"


@users.command("enable", context_settings=DASHES, epilog=example("flask users enable alice"))
@click.argument("name")
@json_option
def enable_user(name: str, as_json: bool) -> None:
    """Let the user NAME sign in again."""
    with refusing(as_json=as_json):
        current().accounts.enable(name)
    tell(f"Enabled {name}.", {"username": name}, as_json=as_json)


@users.command("disable", context_settings=DASHES, epilog=example("flask users disable alice"))
@click.argument("name")
@dry_run_option
@json_option
def disable_user(name: str, dry_run: bool, as_json: bool) -> None:
    """Let the user NAME sign in no more and end all sessions."""
    with refusing(as_json=as_json):
        ended = _sessions_of(name) if dry_run else current().accounts.disable(name)
    _tell_of_ending("Would disable" if dry_run else "Disabled", name, ended, dry_run=dry_run, as_json=as_json)


@users.command("delete", context_settings=DASHES, epilog=example("flask users delete alice --dry-run"))
@click.argument("name")
@dry_run_option
@json_option
def delete_user(name: str, dry_run: bool, as_json: bool) -> None:
    """Delete the user NAME and end all sessions."""
    with refusing(as_json=as_json):
        ended = _sessions_of(name) if dry_run else current().accounts.delete(name)
    _tell_of_ending("Would delete" if dry_run else "Deleted", name, ended, dry_run=dry_run, as_json=as_json)


def _sessions_of(name: str) -> int:
    services = current()
    return len(services.sessions.list(services.accounts.find(name).id))


def _tell_of_ending(did: str, name: str, ended: int, *, dry_run: bool, as_json: bool) -> None:
    sentence = f"{did} {name} and {'end' if dry_run else 'ended'} {count(ended, 'session')}."
    tell(sentence, {"username": name, "ended": ended, "dry_run": dry_run}, as_json=as_json)
