"""Flask-JWT-Extended's makers of tokens and cookies: each says what to call instead."""

from typing import Any, NoReturn

from flask import Flask
from flask_jwt_extended import JWTManager

INSTEAD = (
    "Flask-Renewal keeps the sessions of this application and refuses other tokens; call sign_in or start_session of"
    " Renewal instead, and itsdangerous for tokens of other purposes."
)


def refuse(app: Flask, manager: JWTManager) -> None:
    """Let the four functions raise `RuntimeError`, through what each of them asks for."""
    app.config["JWT_SESSION_COOKIE"] = _NoCookies()
    manager.encode_key_loader(_no_key)


def _no_key(identity: Any) -> NoReturn:
    """Refuse `create_access_token` and `create_refresh_token`, which ask for the key to sign with."""
    raise RuntimeError(INSTEAD)


class _NoCookies:
    """Refuses `set_access_cookies` and `set_refresh_cookies`, which ask whether cookies end with the browser.

    `unset_jwt_cookies`, by which a host gets rid of its old cookies, does not ask.
    """

    def __bool__(self) -> bool:
        raise RuntimeError(INSTEAD)
