"""The guard of routes: `access_required`, which is Flask-JWT-Extended's `jwt_required` by a shorter road."""

import logging
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, NoReturn, TypeVar, cast

import jwt
from flask import Flask
from flask_jwt_extended import get_jwt, get_jwt_request_location, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException

from ..ground import babel, csrf
from ..ground.context import this_app, this_context, this_request
from ..ground.errors import ConfigurationError, TokenExpiredError, TokenInvalidError
from ..ground.problems import refused
from ..identity.services import NOT_SET_UP, current
from ..identity.tokens.verified import AccessToken, Claims
from .credentials import HEADERS, Credentials
from .found import found_in
from .jwt_extended import GATE, MANAGER, Gate

View = TypeVar("View", bound=Callable[..., Any])

LATE = (
    "A JWTManager was made after Renewal and has taken its place, so it would guard nothing; make the JWTManager first,"
    " or take the one that Renewal makes: app.extensions['flask-jwt-extended']."
)
ABOVE = "its guard stands above its route, which registers the view without it; put the guard below"

_GUARDED = "flask_renewal_guarded"

_log = logging.getLogger("flask_renewal")


def access_required(
    optional: bool = False,
    fresh: bool = False,
    refresh: bool = False,
    locations: Any = None,
    verify_type: bool = True,
    skip_revocation_check: bool = False,
) -> Callable[[View], View]:
    """Guard a view with an access token: `flask_jwt_extended.jwt_required`, with the same arguments and answers.

    Shorter, because a token that was verified before is looked up; whoever is not let in by that is judged by
    `verify_jwt_in_request`. Its refusals pass through extensions that answer errors in Flask's place.
    """
    if callable(optional):
        raise TypeError(f"@access_required stands on {optional!r} without parentheses; write @access_required().")
    asked = (optional, fresh, refresh, locations, verify_type, skip_revocation_check)
    is_special = refresh or locations not in (None, *HEADERS)

    def decorate(view: View) -> View:
        is_async = iscoroutinefunction(view)

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            context = this_context()
            try:
                gate: Gate = context.app.extensions[GATE]
            except KeyError:
                raise ConfigurationError(NOT_SET_UP) from None
            is_short = not is_special and (gate.reads_headers or locations is not None)
            if not (is_short and gate.shortcut(vars(context.g), this_request().environ, fresh)):
                _verify(gate, asked)
            return (context.app.ensure_sync(view) if is_async else view)(*args, **kwargs)

        note_guarded(view)
        return cast(View, guarded)

    return decorate


def _verify(gate: Gate, asked: tuple[Any, ...]) -> None:
    try:
        if verify_jwt_in_request(*asked) is not None:
            gate.keep_user()
    except (JWTExtendedException, jwt.PyJWTError) as error:
        raise refused(error) from None


def note_guarded(view: Callable[..., Any]) -> None:
    """Note that this view must not be served without its guard."""
    if hasattr(view, "__dict__"):
        vars(view)[_GUARDED] = view  # itself: what wraps it copies the note


def entrance(app: Flask, credentials: Credentials) -> Callable[..., Any]:
    """Return a WSGI middleware that puts the credentials of each request right and serves no view without its guard.

    A before-request function would cost every request 1.5 µs, this 0.3.
    """
    serve, put_right, header = app.wsgi_app, credentials.put_right, credentials.key
    has_looked = False

    def enter(environ: dict[str, Any], start_response: Any) -> Any:
        nonlocal has_looked
        if not has_looked:
            _look_over(app)
            has_looked = True
        if header in environ:
            put_right(environ)
        return serve(environ, start_response)

    return enter


def _look_over(app: Flask) -> None:
    """Look at what the host has set up meanwhile; raises `ConfigurationError` at each request until it is mended."""
    if is_displaced(app):
        raise ConfigurationError(LATE)
    gate: Gate = app.extensions[GATE]
    gate.managed.keep()
    babel.settle(app)
    csrf.settle(app)
    _close_bare_views(app)


def is_displaced(app: Flask) -> bool:
    """Say whether the application's `JWTManager` is another than the one that we were set up with."""
    gate: Gate = app.extensions[GATE]
    return app.extensions[MANAGER] is not gate.managed.manager


def _close_bare_views(app: Flask) -> None:
    """Serve none of them, from the first request on, after which Flask takes no more views."""
    for endpoint in bare_views(app):
        _log.error("%s is not served: %s", endpoint, ABOVE)
        app.view_functions[endpoint] = _refuse


def _refuse(**values: Any) -> NoReturn:
    raise RuntimeError(ABOVE)


def bare_views(app: Flask) -> list[str]:
    """Return the endpoints of views that have a guard and are registered without it."""
    return [endpoint for endpoint, view in app.view_functions.items() if getattr(view, _GUARDED, None) is view]


def install(app: Flask) -> None:
    """Stand at the application's entrance."""
    gate: Gate = app.extensions[GATE]
    app.wsgi_app = entrance(app, gate.credentials)  # type: ignore[method-assign]


def let_in_by_cookie(token: AccessToken) -> bool:
    """Let a page request in by the access token of a cookie, unless its session has ended or the host refuses it."""
    gate: Gate = this_app().extensions[GATE]
    return gate.let_in_by_cookie(token)


def token_let_in() -> AccessToken | None:
    """Return the access token by which this request was let in, from wherever; ``None`` outside of a request, too."""
    claims = get_jwt() if get_jwt_request_location() is not None else None
    return claims.token if isinstance(claims, Claims) else None


def token_to_renew() -> AccessToken | None:
    """Return the access token by whose header this request was let in."""
    return token_let_in() if get_jwt_request_location() == "headers" else None


def renew_nothing() -> None:
    """Let the answer to this request carry no renewed token: it ends sessions, or may."""
    found_in(this_request().environ).ends_sessions = True


def brings_token() -> bool:
    """Say whether this request has something in its header where an access token belongs."""
    gate: Gate = this_app().extensions[GATE]
    return gate.credentials.token(this_request().environ) is not None


def presented_token() -> AccessToken | None:
    """Return the valid access token in the header of a request that needs none, if it has one."""
    gate: Gate = this_app().extensions[GATE]
    text = gate.credentials.token(this_request().environ)
    try:
        return current().access_tokens.read(text) if text else None
    except (TokenInvalidError, TokenExpiredError):
        return None
