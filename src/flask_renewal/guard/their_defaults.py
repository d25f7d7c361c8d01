"""What Flask-JWT-Extended writes into the configuration of a host that makes its own manager first."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Flask

from .jwt_extended import MANAGER

_OTHERS_THAN_OURS: Mapping[str, object] = {
    "JWT_ALGORITHM": "HS256",
    "JWT_COOKIE_SAMESITE": None,
    "JWT_COOKIE_SECURE": False,
    "JWT_DECODE_LEEWAY": 0,
    "JWT_ENCODE_AUDIENCE": None,
    "JWT_ENCODE_ISSUER": None,
    "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=30),
}


def defaulted(app: Flask) -> Sequence[str]:
    """Return the keys that nobody has set but a manager, as far as their values tell."""
    if MANAGER not in app.extensions:
        return ()
    return [key for key, value in _OTHERS_THAN_OURS.items() if key in app.config and app.config[key] == value]
