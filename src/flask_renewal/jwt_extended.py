"""Our tokens under Flask-JWT-Extended's public functions.

`@jwt_required()`, `current_user`, `get_jwt()` and the callbacks stay as its documentation has them. This module and
`guard` are the two that know Flask-JWT-Extended's internals.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import flask_jwt_extended.default_callbacks as theirs
from flask import Flask, Response
from flask_jwt_extended import JWTManager, view_decorators
from flask_jwt_extended.exceptions import CSRFError
from flask_jwt_extended.internal_utils import get_json_encoder

from .context import these_globals, this_app, this_request
from .errors import SessionOverError, TokenExpiredError, TokenInvalidError
from .guard import DUE, MANAGER, look_up_later, read
from .problems import CHALLENGE_INVALID, problem
from .services import Services

THEIR_DEFAULTS: Mapping[str, object] = {
    "JWT_ALGORITHM": "HS256",
    "JWT_COOKIE_SAMESITE": None,
    "JWT_COOKIE_SECURE": False,
    "JWT_DECODE_LEEWAY": 0,
    "JWT_ENCODE_AUDIENCE": None,
    "JWT_ENCODE_ISSUER": None,
    "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=30),
}
"""What `JWTManager.init_app` writes into the configuration of a host that makes its own manager first."""

_EDGES = ", \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0"
"""A comma, and what `str.split` takes for a space."""


def install(app: Flask, services: Services) -> None:
    """Put our tokens under the application's `JWTManager`, made here unless the host has one.

    What a host has put in place of Flask-JWT-Extended's default callbacks stays.
    """
    if MANAGER not in app.extensions:
        JWTManager(app)
    manager = app.extensions[MANAGER]
    app.config["JWT_ALGORITHM"] = services.keys.signing_key.algorithm
    manager.renewal = services
    manager.renewal_reads_plain_header = _reads_plain_header(app)
    manager._decode_jwt_from_config = _decoder(services)
    for name, (default, ours) in _CALLBACKS.items():
        if getattr(manager, name) is default:
            setattr(manager, name, ours)
    _keep_blocklist(manager, services)
    identity = app.config["JWT_IDENTITY_CLAIM"]
    services.access_tokens.extra_claims = lambda user_id: {
        **(manager._user_claims_callback(user_id) or {}),
        identity: user_id,
    }
    services.access_tokens.extra_headers = lambda user_id: manager._jwt_additional_header_callback(user_id) or {}
    services.access_tokens.encode = get_json_encoder(app)(separators=(",", ":")).encode
    vars(view_decorators)["get_unverified_jwt_headers"] = _header
    vars(view_decorators)["_decode_jwt_from_headers"] = _from_header


def _decoder(services: Services) -> Callable[..., dict[str, Any]]:
    """Return what both the guard and `decode_token` call.

    A token that a view decodes after it was let in by another is not the one that the answer renews.
    """

    def decode(text: str, csrf_value: str | None = None, allow_expired: bool = False) -> dict[str, Any]:
        if csrf_value:
            raise CSRFError("Access tokens carry no CSRF value; guard the host's own cookies by origin instead")
        if allow_expired:
            return services.access_tokens.read_expired(text).copies()[1]
        held = these_globals()
        now = services.ambient.timestamp()
        token = held._renewal_decoded = read(services, text, now)
        if not held.get("_jwt_extended_jwt"):
            vars(held)[DUE] = token if now > token.renews_from else None
        return token.copies()[1]

    return decode


def _reads_plain_header(app: Flask) -> bool:
    locations = app.config["JWT_TOKEN_LOCATION"]
    plain = app.config["JWT_HEADER_NAME"] == "Authorization" and app.config["JWT_HEADER_TYPE"] == "Bearer"
    return plain and tuple([locations] if isinstance(locations, str) else locations) == ("headers",)


_parse_header: Callable[[str], dict[str, Any]] = vars(view_decorators)["get_unverified_jwt_headers"]


def _header(text: str) -> dict[str, Any]:
    """Return the header of the token that `jwt_required` has just let us decode; in another application, parse it.

    In the place of Flask-JWT-Extended's own function, which parses the whole token once more: 33 µs, nearly as much as
    Flask takes to answer "hello", and half of what `jwt_required` took.
    """
    token = these_globals().get("_renewal_decoded")
    return _parse_header(text) if token is None else token.copies()[0]


_read_header: Callable[[], tuple[str, None]] = vars(view_decorators)["_decode_jwt_from_headers"]


def _from_header() -> tuple[str, None]:
    """Return the token in the header of this request, which is first written as Flask-JWT-Extended expects it.

    The case of the scheme does not matter (RFC 9110 §11.1); a list of nothing but commas must not be taken apart.
    In the place of Flask-JWT-Extended's own function, so that no other request pays for it.
    """
    environ = this_request().environ
    authorization = environ.get("HTTP_AUTHORIZATION")
    if authorization and not authorization.startswith("Bearer ") and hasattr(this_app().extensions[MANAGER], "renewal"):
        credentials = authorization.strip(_EDGES)
        if credentials[:7].lower() == "bearer ":
            credentials = f"Bearer {credentials[7:]}"
        environ["HTTP_AUTHORIZATION"] = credentials
    return _read_header()


Blocklist = Callable[[dict[str, Any], dict[str, Any]], bool]


def _keep_blocklist(manager: Any, services: Services) -> None:
    """Ask for ended sessions before the host's own blocklist, whether that is there already or is set later."""
    is_ended = services.revocations.is_ended

    def load(hosts: Blocklist) -> Blocklist:
        manager.renewal_hosts_blocklist = hosts
        manager._token_in_blocklist_callback = lambda header, claims: is_ended(claims["sid"]) or hosts(header, claims)
        return hosts

    load(manager._token_in_blocklist_callback)
    manager.token_in_blocklist_loader = load


def _challenge(code: str, detail: str, challenge: str) -> Response:
    response = problem(HTTPStatus.UNAUTHORIZED, code, detail)
    response.headers["WWW-Authenticate"] = challenge
    return response


def _invalid(*_: Any) -> Response:
    return _challenge(TokenInvalidError.code, TokenInvalidError().detail, CHALLENGE_INVALID)


_CALLBACKS: Mapping[str, tuple[Any, Any]] = {
    "_unauthorized_callback": (
        theirs.default_unauthorized_callback,
        lambda reason: _challenge("token_missing", "An access token is needed.", "Bearer"),
    ),
    "_expired_token_callback": (
        theirs.default_expired_token_callback,
        lambda header, claims: _challenge(TokenExpiredError.code, TokenExpiredError().detail, CHALLENGE_INVALID),
    ),
    "_revoked_token_callback": (
        theirs.default_revoked_token_callback,
        lambda header, claims: _challenge(SessionOverError.code, SessionOverError().detail, CHALLENGE_INVALID),
    ),
    "_needs_fresh_token_callback": (
        theirs.default_needs_fresh_token_callback,
        lambda header, claims: _challenge(
            "fresh_token_required",
            "The password must have been proved just now.",
            'Bearer error="insufficient_user_authentication"',
        ),
    ),
    "_invalid_token_callback": (theirs.default_invalid_token_callback, _invalid),
    "_user_lookup_error_callback": (theirs.default_user_lookup_error_callback, _invalid),
    "_token_verification_failed_callback": (theirs.default_token_verification_failed_callback, _invalid),
    "_user_lookup_callback": (None, look_up_later),
}
