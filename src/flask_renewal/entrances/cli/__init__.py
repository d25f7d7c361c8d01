"""The command line: `flask users|sessions|keys|renewal …`."""

from flask import Flask

from .keys import keys
from .renewal import renewal
from .sessions import sessions
from .users import users


def install(app: Flask) -> None:
    """Add the commands, except where the host has a command of that name."""
    for group in (users, sessions, keys, renewal):
        if group.name not in app.cli.commands:
            app.cli.add_command(group)
