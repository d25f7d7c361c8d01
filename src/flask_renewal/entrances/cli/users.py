"""`flask users …`."""

import sys

import click
from flask.cli import AppGroup

from ...ground.errors import InvalidRequestError
from ...identity.services import current
from ...identity.users.passwords import LONGEST_BYTES
from .output import count, dry_run_option, example, json_option, refusing, tell

users = AppGroup("users", help="Add users and disable them.")


@users.command("add", epilog=example("flask users add alice"))
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@json_option
def add_user(name: str, password_stdin: bool, as_json: bool) -> None:
    """Add the user NAME; asks for the password."""
    with refusing(as_json=as_json):
        if password_stdin:
            password = _line_of_stdin()
        else:
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=as_json)
        account = current().accounts.add(name, password)
    tell(f"Added {name}.", {"id": account.id, "username": account.username}, as_json=as_json)


def _line_of_stdin() -> str:
    """Return the first line, and of a longer one than any password as much as is too long."""
    try:
        return sys.stdin.readline(2 * LONGEST_BYTES).rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidRequestError("The password is not UTF-8.", field="password") from None


@users.command("disable", epilog=example("flask users disable alice"))
@click.argument("name")
@dry_run_option
@json_option
def disable_user(name: str, dry_run: bool, as_json: bool) -> None:
    """Let the user NAME sign in no more and end all sessions."""
    services = current()
    with refusing(as_json=as_json):
        if dry_run:
            ended = len(services.sessions.list(services.accounts.find(name).id))
        else:
            ended = services.accounts.disable(name)
    sentence = f"{'Would disable' if dry_run else 'Disabled'} {name} and {'end' if dry_run else 'ended'}"
    facts = {"username": name, "ended": ended, "dry_run": dry_run}
    tell(f"{sentence} {count(ended, 'session')}.", facts, as_json=as_json)
