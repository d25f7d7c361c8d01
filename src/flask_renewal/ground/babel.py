"""Flask-Babel, where it is installed and nobody has set it up."""

import sys
from typing import Any

from flask import Flask


def settle(app: Flask) -> None:
    """Set up a Flask-Babel that somebody has imported and nobody has set up.

    Our extras bring it along, and Flask-Admin takes one that it can import for one that is set up: every page of its
    would be a KeyError. Called when the host has set up everything that it wants.
    """
    module: Any = sys.modules.get("flask_babel")
    if module is not None and "babel" not in app.extensions:
        module.Babel(app, configure_jinja=False)
