"""The guard of routes: `access_required`, which is Flask-JWT-Extended's `jwt_required` by a shorter road.

This module and `jwt_extended` are the two that know Flask-JWT-Extended's internals.
"""

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, NoReturn, TypeVar, cast

import flask_jwt_extended.default_callbacks as theirs
import jwt
from flask_jwt_extended import get_jwt, get_jwt_header, verify_jwt_in_request
from flask_jwt_extended.exceptions import (
    FreshTokenRequired,
    InvalidHeaderError,
    NoAuthorizationError,
    RevokedTokenError,
    UserClaimsVerificationError,
    UserLookupError,
)
from werkzeug.local import LocalProxy

from .context import these_globals, this_app, this_context, this_request
from .errors import TokenExpiredError, TokenInvalidError
from .services import Services, current
from .verified_tokens import AccessToken

View = TypeVar("View", bound=Callable[..., Any])

MANAGER = "flask-jwt-extended"

DUE = "_renewal_due"
"""What a token that the answer should renew is held by in Flask's `g`."""

_SCHEME = "bearer"
_BLOCKS, _VERIFIES = theirs.default_blocklist_callback, theirs.default_token_verification_callback


def access_required(
    optional: bool = False,
    fresh: bool = False,
    refresh: bool = False,
    locations: Any = None,
    verify_type: bool = True,
    skip_revocation_check: bool = False,
) -> Callable[[View], View]:
    """Guard a view with an access token: `flask_jwt_extended.jwt_required`, with the same arguments and answers.

    Shorter, because the token is parsed once and, where it was verified before, looked up: 6 µs beside 33, where
    answering "hello" takes Flask 42.
    """
    special = refresh or not verify_type or locations not in (None, "headers", ["headers"], ("headers",))

    def decorate(view: View) -> View:
        is_async = iscoroutinefunction(view)

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            context, environ = this_context(), this_request().environ
            manager = context.app.extensions[MANAGER]
            if special or not manager.renewal_reads_plain_header:
                verify_jwt_in_request(optional, fresh, refresh, locations, verify_type, skip_revocation_check)
            elif environ["REQUEST_METHOD"] != "OPTIONS":
                held, authorization = vars(context.g), environ.get("HTTP_AUTHORIZATION", "")
                _verify(manager, held, authorization, optional, fresh, skip_revocation_check)
            return (context.app.ensure_sync(view) if is_async else view)(*args, **kwargs)

        return cast(View, guarded)

    return decorate


def _verify(
    manager: Any, held: dict[str, Any], authorization: str, optional: bool, fresh: bool, skip_revocation_check: bool
) -> None:
    """Let the request in, or raise what Flask-JWT-Extended would.

    In one piece, because calls are what it costs: 0.2 µs each, when other code has just had the processor's caches.
    So Flask-JWT-Extended's default callbacks, which let everybody in, are not called.
    """
    services = manager.renewal
    now, tokens = services.ambient.timestamp(), services.access_tokens
    token = tokens.remembered(authorization[7:]) if authorization.startswith("Bearer ") else None
    if token is None or token.expires_at <= now or token.key_id not in tokens.keys.by_kid:
        text = _bearer_token(authorization)
        if text is None:
            return _let_in_without(optional)
        token = read(services, text, now)
    header, claims = token.copies()
    if fresh and not token.fresh:
        raise FreshTokenRequired("Fresh token required", header, claims)
    if not skip_revocation_check:
        blocks = manager.renewal_hosts_blocklist
        if services.revocations.is_ended(token.session_id, now) or (blocks is not _BLOCKS and blocks(header, claims)):
            raise RevokedTokenError(header, claims)
    verifies = manager._token_verification_callback
    if verifies is not _VERIFIES and not verifies(header, claims):
        raise UserClaimsVerificationError("User claims verification failed", header, claims)
    held["_jwt_extended_jwt_user"] = _LAZY_USER
    held["_jwt_extended_jwt_header"] = header
    held["_jwt_extended_jwt"] = claims
    held["_jwt_extended_jwt_location"] = "headers"
    held[DUE] = token if now > token.renews_from else None
    return None


def _let_in_without(optional: bool) -> None:
    if not optional:
        raise NoAuthorizationError("Missing Authorization Header")
    _admit({}, {}, {"loaded_user": None}, None)


def _admit(header: dict[str, Any], claims: dict[str, Any], user: dict[str, Any], location: str | None) -> None:
    """Leave what Flask-JWT-Extended's `get_jwt` and the others look for."""
    held = these_globals()
    held._jwt_extended_jwt_user = user
    held._jwt_extended_jwt_header = header
    held._jwt_extended_jwt = claims
    held._jwt_extended_jwt_location = location


def let_in_by_cookie(token: AccessToken) -> bool:
    """Let a page request in by the access token of a cookie, unless its session has ended or the host refuses it."""
    manager = this_app().extensions[MANAGER]
    header, claims = token.copies()
    if manager._token_in_blocklist_callback(header, claims):
        return False
    if not manager._token_verification_callback(header, claims):
        return False
    _admit(header, claims, _LAZY_USER, "cookies")
    return True


def _bearer_token(authorization: str) -> str | None:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    token = token.strip()
    if not token or " " in token or "," in token:
        raise InvalidHeaderError("Bad Authorization header. Expected 'Authorization: Bearer <JWT>'")
    return token


def read(services: Services, text: str, now: float | None = None) -> AccessToken:
    """Read a token; refuse in the words of PyJWT, as Flask-JWT-Extended's handlers expect."""
    try:
        return services.access_tokens.read(text, now=now)
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

    __slots__ = ()

    def __missing__(self, key: str) -> Any:
        return _looked_up_once()


_LAZY_USER = _LazyUser()
"""The same for all requests, for it holds nothing."""


def _looked_up() -> Any:
    manager, header, claims = this_app().extensions[MANAGER], get_jwt_header(), get_jwt()
    lookup = manager._user_lookup_callback
    user = manager.renewal.users.load(claims["sub"]) if lookup is look_up_later else lookup(header, claims)
    if user is None:
        raise UserLookupError(f"user_lookup returned None for {claims['sub']}", header, claims)
    return user


def look_up_later(header: dict[str, Any], claims: dict[str, Any]) -> Any:
    """Look up the user of a `@jwt_required()` route: it asks for the user at once, so give it one that loads later."""
    return _USER


def _looked_up_once() -> Any:
    held = these_globals()
    if held.get("_renewal_user_of") is not held._jwt_extended_jwt:
        held._renewal_user, held._renewal_user_of = _looked_up(), held._jwt_extended_jwt
    return held._renewal_user


_USER = LocalProxy(_looked_up_once)


def token_to_renew() -> AccessToken | None:
    """Return, once, the access token by whose Bearer header this request was let in, if little of its life was left."""
    held = vars(these_globals())
    token: AccessToken | None = held.pop(DUE, None)
    return token if held.get("_jwt_extended_jwt_location") == "headers" else None


def renew_nothing() -> None:
    """Let the answer to this request carry no renewed token: it ends sessions, or may."""
    vars(these_globals()).pop(DUE, None)


def presented_token() -> AccessToken | None:
    """Return the valid access token in the Bearer header of a request that needs none, if it has one."""
    try:
        text = _bearer_token(this_request().environ.get("HTTP_AUTHORIZATION", ""))
        return current().access_tokens.read(text) if text else None
    except (InvalidHeaderError, TokenInvalidError, TokenExpiredError):
        return None
