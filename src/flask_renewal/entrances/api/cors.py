"""Which answers a page on another origin may read: Flask-CORS, fed with exact origins only."""

import re

from flask import Flask, Response, request
from flask_cors.core import get_cors_headers, get_cors_options

from ...ground.errors import ConfigurationError
from ...ground.text import shown
from ...settings import Settings

_PREFLIGHT_SECONDS = 600
KEYS_PATH = "/.well-known/jwks.json"
_ORIGIN = "Access-Control-Allow-Origin"

REQUEST_HEADERS = ("Content-Type", "X-Refresh-Transport", "X-Device-Id")
RESPONSE_HEADERS = ("WWW-Authenticate", "Retry-After")
"""The renewal header is not among them: the hook exposes it on the answers that carry it."""


def allow(app: Flask, settings: Settings, *, also: str | None = None) -> None:
    """Let the trusted origins call our own paths with credentials, and those that `also`, a regular expression, says.

    What a `CORS` of the host's says there is taken back: ours is the first after-request function, which Flask runs
    last, whenever the others are registered. What the host exposes stays exposed.

    The public keys are everybody's to read.
    """
    paths = _paths(settings, also)
    if settings.trusted_origins:
        _share(app, settings, paths)


def publish(response: Response) -> Response:
    """Let everybody read an answer, without credentials, who is not a trusted origin."""
    if request.method in ("GET", "HEAD"):
        response.headers.setdefault(_ORIGIN, "*")
    return response


def _share(app: Flask, settings: Settings, paths: re.Pattern[str]) -> None:
    """Let the trusted origins read what lies at these paths.

    Flask-CORS takes a text with unusual characters for a pattern, and compares without regard to case; a compiled
    pattern of the escaped origin means that origin and no other.
    """
    rules = {
        "origins": [re.compile(re.escape(origin) + r"\Z") for origin in settings.trusted_origins],
        "supports_credentials": True,
        "allow_headers": [settings.token_header, *REQUEST_HEADERS, *settings.cors_headers],
        "expose_headers": [*RESPONSE_HEADERS, *settings.cors_expose],
        "max_age": _PREFLIGHT_SECONDS,
        "vary_header": False,
    }
    options = get_cors_options(app, rules)

    def share(response: Response) -> Response:
        if paths.match(request.path):
            for name in _SAID_ONCE:
                response.headers.pop(name, None)
            for name, value in get_cors_headers(options, request.headers, request.method).items():
                response.headers.add(name, value)
            _narrow(response)
            if request.path == KEYS_PATH:
                publish(response)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, share)


def _paths(settings: Settings, also: str | None) -> re.Pattern[str]:
    own = rf"{re.escape(settings.url_prefix)}/.*|{re.escape(KEYS_PATH)}"
    try:
        return re.compile(rf"(?:{own}|{also})\Z" if also else rf"(?:{own})\Z")
    except re.error as error:
        raise ConfigurationError(
            f"cors_paths = {shown(also)} is not a regular expression ({error}); set it to one of the paths that pages"
            " on other origins call."
        ) from error


def _narrow(response: Response) -> None:
    """Allow in a preflight the methods that the route has; say of every answer that it varies with the origin.

    Of those to no origin or to an untrusted one, too: otherwise a cache could hand one origin the answer made for
    another (Fetch, "CORS protocol and HTTP caches").
    """
    response.vary.add("Origin")
    if _METHODS in response.headers and response.allow:
        response.headers[_METHODS] = ", ".join(sorted(response.allow))


_METHODS = "Access-Control-Allow-Methods"
_SAID_ONCE = (
    _ORIGIN,
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    _METHODS,
)
