"""Flask-WTF's ``CSRFProtect``, where a host has it: our own forms and calls carry none of its tokens."""

from typing import Any

from flask import Blueprint, current_app


def exempt(blueprint: Blueprint) -> None:
    """Let a blueprint that refuses foreign origins by itself do without the token that Flask-WTF asks for.

    Said with each request, before any before-request function runs, so it does not matter which of the two extensions
    is set up first; the host's own forms stay guarded.
    """

    @blueprint.url_value_preprocessor
    def tell(endpoint: str | None, values: dict[str, object] | None) -> None:
        protection: Any = current_app.extensions.get("csrf")
        if type(protection).__module__.partition(".")[0] == "flask_wtf":
            protection.exempt(blueprint)
