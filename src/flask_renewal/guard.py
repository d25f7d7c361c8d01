"""The guard of routes: `access_required`, which is Flask-JWT-Extended's `jwt_required` by a shorter road.

This module and `jwt_extended` are the two that know Flask-JWT-Extended's internals.
"""

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, NoReturn, TypeVar, cast

import jwt
from flask import current_app, g, request
from flask_jwt_extended import JWTManager, verify_jwt_in_request
from flask_jwt_extended.exceptions import (
    FreshTokenRequired,
    InvalidHeaderError,
    NoAuthorizationError,
    RevokedTokenError,
    UserClaimsVerificationError,
    UserLookupError,
)
from werkzeug.local import LocalProxy

from .access_tokens import AccessToken
from .errors import TokenExpiredError, TokenInvalidError
from .services import Services, current

View = TypeVar("View", bound=Callable[..., Any])

MANAGER = "flask-jwt-extended"

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

    Shorter, because the token is parsed once and, where it was verified before, looked up. Each look through one of
    Flask's proxies costs a microsecond, so every object is looked up once and handed on.
    """
    special = refresh or not verify_type or locations not in (None, "headers", ["headers"], ("headers",))

    def decorate(view: View) -> View:
        is_async = iscoroutinefunction(view)

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            manager = current_app.extensions[MANAGER]
            if special or not manager.renewal_reads_plain_header:
                verify_jwt_in_request(optional, fresh, refresh, locations, verify_type, skip_revocation_check)
            else:
                environ = request.environ
                if environ["REQUEST_METHOD"] != "OPTIONS":
                    authorization = environ.get("HTTP_AUTHORIZATION", "")
                    _verify(manager, authorization, optional, fresh, skip_revocation_check)
            return (current_app.ensure_sync(view) if is_async else view)(*args, **kwargs)

        return cast(View, guarded)

    return decorate


def _verify(manager: JWTManager, authorization: str, optional: bool, fresh: bool, skip_revocation_check: bool) -> None:
    held = g._get_current_object()
    text = _bearer_token(authorization)
    if text is None:
        if not optional:
            raise NoAuthorizationError("Missing Authorization Header")
        _admit(held, {}, {}, {"loaded_user": None}, None)
        return
    token = held._renewal_token = read(manager.renewal, text)  # type: ignore[attr-defined]
    header, claims = dict(token.header), dict(token.claims)
    if fresh and not token.fresh:
        raise FreshTokenRequired("Fresh token required", header, claims)
    if not skip_revocation_check and manager._token_in_blocklist_callback(header, claims):
        raise RevokedTokenError(header, claims)
    if not manager._token_verification_callback(header, claims):
        raise UserClaimsVerificationError("User claims verification failed", header, claims)
    _admit(held, header, claims, _LazyUser(manager, header, claims), "headers")


def _admit(
    held: Any, header: dict[str, Any], claims: dict[str, Any], user: dict[str, Any], location: str | None
) -> None:
    """Leave what Flask-JWT-Extended's `get_jwt` and the others look for."""
    held._jwt_extended_jwt_user = user
    held._jwt_extended_jwt_header = header
    held._jwt_extended_jwt = claims
    held._jwt_extended_jwt_location = location


def let_in_by_cookie(token: AccessToken) -> bool:
    """Let a page request in by the access token of a cookie, unless its session has ended or the host refuses it."""
    manager = current_app.extensions[MANAGER]
    header, claims = dict(token.header), dict(token.claims)
    if manager._token_in_blocklist_callback(header, claims):
        return False
    if not manager._token_verification_callback(header, claims):
        return False
    held = g._get_current_object()
    _admit(held, header, claims, _LazyUser(manager, header, claims), "cookies")
    return True


def _bearer_token(authorization: str) -> str | None:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    token = token.strip()
    if not token or " " in token or "," in token:
        raise InvalidHeaderError("Bad Authorization header. Expected 'Authorization: Bearer <JWT>'")
    return token


def read(services: Services, text: str) -> AccessToken:
    """Read a token; refuse in the words of PyJWT, as Flask-JWT-Extended's handlers expect."""
    try:
        return services.access_tokens.read(text)
    except TokenInvalidError as error:
        raise jwt.DecodeError(error.detail) from error
    except TokenExpiredError as error:
        _raise_expired(services.access_tokens.read_expired(text), error)


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
    user = _load_user(claims["sub"]) if lookup is look_up_later else lookup(header, claims)  # type: ignore[misc]
    if user is None:
        raise UserLookupError(f"user_lookup returned None for {claims['sub']}", header, claims)
    return user


def _load_user(user_id: str) -> Any:
    return current().users.load(user_id)


def look_up_later(header: dict[str, Any], claims: dict[str, Any]) -> Any:
    """Look up the user of a `@jwt_required()` route: it asks for the user at once, so give it one that loads later."""
    users = _LazyUser(current_app.extensions[MANAGER], header, claims)
    return LocalProxy(lambda: users["loaded_user"])


def admitted_token() -> AccessToken | None:
    """Return the access token by whose Bearer header this request was let in, if it was."""
    held = g._get_current_object()
    token: AccessToken | None = held.get("_renewal_token")
    let_in = token is not None and held.get("_jwt_extended_jwt") and held._jwt_extended_jwt_location == "headers"
    return token if let_in else None


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
