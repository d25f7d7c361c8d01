"""Which keys of Flask-JWT-Extended has the host set that say nothing here?"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_jwt_extended import JWTManager

from .finding import Finding, Inspected, Level

_REMOVE = "Remove it."
_BY_ORIGIN = ("Our cookies go with no CSRF token: who may change state is judged by origin.", _REMOVE)
_PATH = ("Our cookies have the path /, which the prefix of their names asks for.", _REMOVE)
_KEY = ("A token is verified by the key that signed it, and by that key's algorithm alone.", _REMOVE)
_OURS = "Only tokens that we have made are let in, with what {} says."

_UNHEARD: Mapping[str, tuple[str, str]] = {
    **{
        f"JWT_{kind}_CSRF_{what}": _BY_ORIGIN
        for kind in ("ACCESS", "REFRESH")
        for what in ("COOKIE_NAME", "COOKIE_PATH", "FIELD_NAME", "HEADER_NAME")
    },
    "JWT_CSRF_CHECK_FORM": _BY_ORIGIN,
    "JWT_CSRF_IN_COOKIES": _BY_ORIGIN,
    "JWT_ACCESS_COOKIE_PATH": _PATH,
    "JWT_REFRESH_COOKIE_PATH": _PATH,
    "JWT_PUBLIC_KEY": _KEY,
    "JWT_DECODE_ALGORITHMS": _KEY,
    "JWT_DECODE_AUDIENCE": (_OURS.format("JWT_ENCODE_AUDIENCE"), "Set that one."),
    "JWT_DECODE_ISSUER": (_OURS.format("JWT_ENCODE_ISSUER"), "Set that one."),
    "JWT_ENCODE_NBF": ("A token is valid from the moment when it is made, and does not say so.", _REMOVE),
    "JWT_VERIFY_SUB": ("The claim sub is text in every token.", _REMOVE),
    "JWT_ERROR_MESSAGE_KEY": ("A refusal is a problem+json, whose text is its detail.", "Register callbacks instead."),
}


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look for keys that say something else than Flask-JWT-Extended says by itself."""
    theirs = _defaults()
    for key, (what, mend) in _UNHEARD.items():
        if inspected.config.get(key) != theirs[key]:
            yield Finding(code="jwt_key_unheard", level=Level.NOTE, subject=key, what=what, mend=mend)
    if "cookies" in inspected.config["JWT_TOKEN_LOCATION"]:
        yield Finding(
            code="jwt_cookies_location",
            level=Level.NOTE,
            subject="JWT_TOKEN_LOCATION",
            what="@jwt_required() reads no cookie of ours, and asks for a CSRF token, which no token of ours has.",
            mend="Guard views that browsers ask for by cookie with page_required.",
        )


def _defaults() -> Mapping[str, Any]:
    app = Flask(__name__)
    JWTManager(app)
    return app.config
