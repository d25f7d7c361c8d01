"""The API of the demo: the application as it is, short-lived tokens, a route to call, and the demo's tricks."""

from pathlib import Path
from typing import Any

from flask import Flask

from ...guard.access import access_required
from ...identity.services import EXTENSION, Services
from ...settings import SETTINGS
from ..app import create_app
from . import watching
from .asking import report, travel
from .powers import PASSWORD, USER, Powers
from .strict import ACCESS_SECONDS, Strict
from .timeline import Timeline

QUIET_WINDOW = 3.0
"""Seconds; a minute, the default, is too long to wait for."""

SHORT_LIVES = {
    "JWT_ACCESS_TOKEN_EXPIRES": ACCESS_SECONDS,
    "RENEWAL_HEADER_THRESHOLD": 0.5,
    "RENEWAL_REVOCATION_DELAY": 1,
    "RENEWAL_REGISTRATION": False,
}


def create_api(folder: Path, *, app_url: str, quiet_window: float = QUIET_WINDOW) -> Flask:
    """Make the application in `folder`, whatever the environment says, with one user who can sign in."""
    app = create_app(_config(folder, app_url) | {"RENEWAL_QUIET_WINDOW": quiet_window}, instance_path=folder)
    services: Services = app.extensions[EXTENSION]
    timeline, strict = Timeline(), Strict(USER, PASSWORD)
    app.before_request(travel)
    watching.install(app, services, timeline)
    Powers(app, services, timeline, strict).install()
    strict.install(app)
    app.add_url_rule("/reports/<int:number>", view_func=access_required()(report))
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
