"""Flask-WTF's ``CSRFProtect``, where a host has it: our own forms and calls carry none of its tokens."""

from typing import Any

from flask import Flask


def settle(app: Flask) -> None:
    """Let our blueprints, which refuse foreign origins by themselves, do without the token that Flask-WTF asks for.

    The host's own forms stay guarded. Called when the host has set up everything that it wants.
    """
    protection: Any = app.extensions.get("csrf")
    if type(protection).__module__.partition(".")[0] != "flask_wtf":
        return
    for blueprint in app.blueprints.values():
        if blueprint.import_name.partition(".")[0] == "flask_renewal":
            protection.exempt(blueprint)
