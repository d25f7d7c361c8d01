"""The guard of routes, and the one file that knows Flask-JWT-Extended's internals.

`install` puts our tokens under Flask-JWT-Extended's public functions: `@jwt_required()`, `current_user`, `get_jwt()`
and its callbacks stay as its documentation has them. `access_required` is the same guard by a shorter road.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar, cast

import flask_jwt_extended.default_callbacks as theirs
import jwt
from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import JWTManager, verify_jwt_in_request
from flask_jwt_extended.exceptions import (
    CSRFError,
    FreshTokenRequired,
    InvalidHeaderError,
    NoAuthorizationError,
    RevokedTokenError,
    UserClaimsVerificationError,
    UserLookupError,
)
from flask_jwt_extended.internal_utils import get_json_encoder
from werkzeug.local import LocalProxy

from .access_tokens import AccessToken
from .errors import SessionEndedError, TokenExpiredError, TokenInvalidError
from .problems import CHALLENGE_INVALID, problem
from .services import Services, current

View = TypeVar("View", bound=Callable[..., Any])

MANAGER = "flask-jwt-extended"

THEIR_DEFAULTS: Mapping[str, object] = {
    "JWT_ALGORITHM": "HS256",
    "JWT_COOKIE_SAMESITE": None,
    "JWT_COOKIE_SECURE": False,
    "JWT_DECODE_LEEWAY": 0,
    "JWT_ENCODE_AUDIENCE": None,
    "JWT_ENCODE_ISSUER": None,
}
"""What `JWTManager.init_app` writes into the configuration of a host that makes its own manager first."""

_SCHEME = "bearer"


def access_required(
    optional: bool = False,
    fresh: bool = False,
    refresh: bool = False,
    locations: Any = None,
    verify_type: bool = True,
    skip_revocation_check: bool = False,
) -> Callable[[View], View]:
    """Guard a view with an access token: `flask_jwt_extended.jwt_required`, with the same arguments and answers.

    Shorter, because the token is parsed once and, where it was verified before, looked up.
    """
    special = refresh or not verify_type or locations not in (None, "headers", ["headers"], ("headers",))

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            manager = current_app.extensions[MANAGER]
            if special or not manager.renewal_reads_plain_header:
                verify_jwt_in_request(optional, fresh, refresh, locations, verify_type, skip_revocation_check)
            elif request.method != "OPTIONS":
                _verify(manager, optional, fresh, skip_revocation_check)
            return current_app.ensure_sync(view)(*args, **kwargs)

        return cast(View, guarded)

    return decorate


def _verify(manager: JWTManager, optional: bool, fresh: bool, skip_revocation_check: bool) -> None:
    text = _bearer_token(request.environ.get("HTTP_AUTHORIZATION", ""))
    if text is None:
        if not optional:
            raise NoAuthorizationError("Missing Authorization Header")
        g._jwt_extended_jwt = {}
        g._jwt_extended_jwt_header = {}
        g._jwt_extended_jwt_user = {"loaded_user": None}
        g._jwt_extended_jwt_location = None
        return
    token = _read(current(), text)
    header, claims = dict(token.header), dict(token.claims)
    if fresh and not token.fresh:
        raise FreshTokenRequired("Fresh token required", header, claims)
    if not skip_revocation_check and manager._token_in_blocklist_callback(header, claims):
        raise RevokedTokenError(header, claims)
    if not manager._token_verification_callback(header, claims):
        raise UserClaimsVerificationError("User claims verification failed", header, claims)
    g._jwt_extended_jwt_user = _LazyUser(manager, header, claims)
    g._jwt_extended_jwt_header = header
    g._jwt_extended_jwt = claims
    g._jwt_extended_jwt_location = "headers"


def _bearer_token(authorization: str) -> str | None:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    token = token.strip()
    if not token or " " in token or "," in token:
        raise InvalidHeaderError("Bad Authorization header. Expected 'Authorization: Bearer <JWT>'")
    return token


def _read(services: Services, text: str) -> AccessToken:
    """Read a token, and remember it for the renewal hook; refuse in the words of PyJWT, as their handlers expect."""
    try:
        token = services.access_tokens.read(text)
    except TokenInvalidError as error:
        raise jwt.DecodeError(error.detail) from error
    except TokenExpiredError as error:
        _raise_expired(services.access_tokens.read_expired(text), error)
    g._renewal_token = token
    return token


def _raise_expired(token: AccessToken, cause: TokenExpiredError) -> NoReturn:
    expired = jwt.ExpiredSignatureError(cause.detail)
    expired.jwt_header = dict(token.header)  # type: ignore[attr-defined]
    expired.jwt_data = dict(token.claims)  # type: ignore[attr-defined]
    raise expired from cause


class _LazyUser(dict[str, Any]):
    """What `get_current_user` looks into: loads the user when somebody asks, so that a guard costs no query."""

    def __init__(self, manager: JWTManager, header: dict[str, Any], claims: dict[str, Any]) -> None:
        super().__init__()
        self._asked = manager, header, claims

    def __missing__(self, key: str) -> Any:
        self[key] = _looked_up(*self._asked)
        return self[key]


def _looked_up(manager: JWTManager, header: dict[str, Any], claims: dict[str, Any]) -> Any:
    lookup = manager._user_lookup_callback
    user = _load_user(claims["sub"]) if lookup is _lookup_later else lookup(header, claims)  # type: ignore[misc]
    if user is None:
        raise UserLookupError(f"user_lookup returned None for {claims['sub']}", header, claims)
    return user


def _load_user(user_id: str) -> Any:
    return current().users.load(user_id)


def _lookup_later(header: dict[str, Any], claims: dict[str, Any]) -> Any:
    """Look up the user of a `@jwt_required()` route: it asks for the user at once, so give it one that loads later."""
    users = _LazyUser(current_app.extensions[MANAGER], header, claims)
    return LocalProxy(lambda: users["loaded_user"])


def admitted_token() -> AccessToken | None:
    """Return the access token by whose Bearer header this request was let in, if it was."""
    if g.get("_jwt_extended_jwt") and g.get("_jwt_extended_jwt_location") == "headers":
        return cast("AccessToken | None", g.get("_renewal_token"))
    return None


def renew_nothing() -> None:
    """Let the answer to this request carry no renewed token: it ends sessions, or may."""
    g._renewal_token = None


def presented_token() -> AccessToken | None:
    """Return the valid access token in the Bearer header of a request that needs none, if it has one."""
    try:
        text = _bearer_token(request.environ.get("HTTP_AUTHORIZATION", ""))
        return current().access_tokens.read(text) if text else None
    except (InvalidHeaderError, TokenInvalidError, TokenExpiredError):
        return None


def install(app: Flask, services: Services) -> None:
    """Put our tokens under the application's `JWTManager`, made here unless the host has one.

    What a host has put in place of Flask-JWT-Extended's default callbacks stays.
    """
    if MANAGER not in app.extensions:
        JWTManager(app)
    manager = app.extensions[MANAGER]
    app.config["JWT_ALGORITHM"] = services.keys.signing_key.algorithm
    manager.renewal_reads_plain_header = _reads_plain_header(app)
    manager._decode_jwt_from_config = _decoder(services)
    for name, (default, ours) in _CALLBACKS.items():
        if getattr(manager, name) is default:
            setattr(manager, name, ours)
    manager._token_in_blocklist_callback = _blocklist(services, manager._token_in_blocklist_callback)
    services.access_tokens.extra_claims = lambda user_id: manager._user_claims_callback(user_id) or {}
    services.access_tokens.extra_headers = lambda user_id: manager._jwt_additional_header_callback(user_id) or {}
    services.access_tokens.json_encoder = get_json_encoder(app)
    app.before_request(_normalise_scheme)


def _decoder(services: Services) -> Callable[..., dict[str, Any]]:
    def decode(text: str, csrf_value: str | None = None, allow_expired: bool = False) -> dict[str, Any]:
        if csrf_value:
            raise CSRFError("Access tokens carry no CSRF value; guard the host's own cookies by origin instead")
        token = services.access_tokens.read_expired(text) if allow_expired else _read(services, text)
        return dict(token.claims)

    return decode


def _reads_plain_header(app: Flask) -> bool:
    locations = app.config["JWT_TOKEN_LOCATION"]
    plain = app.config["JWT_HEADER_NAME"] == "Authorization" and app.config["JWT_HEADER_TYPE"] == "Bearer"
    return plain and tuple([locations] if isinstance(locations, str) else locations) == ("headers",)


def _normalise_scheme() -> None:
    """Write the scheme as Flask-JWT-Extended expects it: its case does not matter (RFC 9110 §11.1)."""
    authorization = request.environ.get("HTTP_AUTHORIZATION")
    if authorization and not authorization.startswith("Bearer ") and authorization[:7].lower() == "bearer ":
        request.environ["HTTP_AUTHORIZATION"] = f"Bearer {authorization[7:]}"


Blocklist = Callable[[dict[str, Any], dict[str, Any]], bool]


def _blocklist(services: Services, hosts: Blocklist) -> Blocklist:
    is_ended = services.revocations.is_ended
    if hosts is theirs.default_blocklist_callback:
        return lambda header, claims: is_ended(claims["sid"])
    return lambda header, claims: is_ended(claims["sid"]) or hosts(header, claims)


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
        lambda header, claims: _challenge(SessionEndedError.code, SessionEndedError().detail, CHALLENGE_INVALID),
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
    "_user_lookup_callback": (None, _lookup_later),
}
