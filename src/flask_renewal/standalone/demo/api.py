"""The API of the demo: the application as it is, short-lived tokens, a route to call, and the demo's tricks."""

import time
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify

from ...guard.access import access_required
from ...identity.services import EXTENSION, Services
from ...settings import SETTINGS
from ..app import create_app
from . import watching
from .powers import PASSWORD, USER, Powers
from .timeline import Timeline

WORK_SECONDS = 0.15
"""How long a report takes: long enough to see requests overlap."""

SHORT_LIVES = {
    "JWT_ACCESS_TOKEN_EXPIRES": 30,
    "RENEWAL_QUIET_WINDOW": 3,
    "RENEWAL_HEADER_THRESHOLD": 0.5,
    "RENEWAL_REVOCATION_DELAY": 1,
    "RENEWAL_REGISTRATION": False,
}


def create_api(folder: Path, *, app_url: str) -> Flask:
    """Make the application in `folder`, whatever the environment says, with one user who can sign in."""
    app = create_app(_config(folder, app_url), instance_path=folder)
    services: Services = app.extensions[EXTENSION]
    timeline = Timeline()
    watching.install(app, services, timeline)
    Powers(app, services, timeline).install()
    app.add_url_rule("/reports/<int:number>", view_func=report)
    with app.app_context():
        services.accounts.add(USER, PASSWORD)
    return app


def _config(folder: Path, app_url: str) -> dict[str, Any]:
    """Return settings that leave nothing to the environment: a demo must not meet anybody's database."""
    return {
        **{row.key: row.default for row in SETTINGS},
        **SHORT_LIVES,
        "RENEWAL_TRUSTED_ORIGINS": [app_url],
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'demo.db'}",
        "SQLALCHEMY_BINDS": {},
        "RATELIMIT_STORAGE_URI": "memory://",
        "SERVER_NAME": None,
        "TRUSTED_HOSTS": None,
    }


@access_required()
def report(number: int) -> Response:
    """Answer after a while, to whoever is signed in."""
    time.sleep(WORK_SECONDS)
    return jsonify(report=number)
