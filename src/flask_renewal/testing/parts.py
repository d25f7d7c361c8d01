"""The way from an application to the parts of the extension in it."""

from typing import cast

from flask import Flask

from ..identity.services import EXTENSION, Services


def services_of(app: Flask) -> Services:
    """Return the parts of the extension; raises `LookupError` where it is not set up on this application."""
    if EXTENSION not in app.extensions:
        raise LookupError(f"{app} has no Flask-Renewal: set it up with Renewal(app, db=db, user_model=User) first.")
    return cast(Services, app.extensions[EXTENSION])
