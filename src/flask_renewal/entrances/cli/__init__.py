"""The command line: `flask users|sessions|keys|renewal …`, and all of it below `flask renewal` too."""

from flask import Flask

from ...identity.services import EXTENSION, Services
from .client import client
from .keys import keys
from .renewal import renewal
from .sessions import sessions
from .users import users

_OURS = (users, sessions, keys)

for _command in (*_OURS, client):
    renewal.add_command(_command)


def install(app: Flask) -> None:
    """Add the commands, except where the host has a command of that name; one that comes later takes ours away.

    There are no `flask users` where the host proves who people are.
    """
    services: Services = app.extensions[EXTENSION]
    for group in (*(_OURS if services.ours else _OURS[1:]), renewal):
        if group.name not in app.cli.commands:
            app.cli.add_command(group)
