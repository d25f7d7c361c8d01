"""Which answers a page on another origin may read: Flask-CORS, fed with exact origins only."""

import re

from flask import Flask, Response, request
from flask_cors import CORS

from .errors import ConfigurationError
from .settings import Settings
from .text import shown

_PREFLIGHT_SECONDS = 600

REQUEST_HEADERS = ("Content-Type", "X-Refresh-Transport", "X-Device-Id")
RESPONSE_HEADERS = ("WWW-Authenticate", "Retry-After")
"""The renewal header is not among them: the hook exposes it on the answers that carry it."""


def allow(app: Flask, settings: Settings, *, also: str | None = None) -> None:
    """Let the trusted origins call our own paths with credentials, and those that `also`, a regular expression, says.

    Every answer there says that it varies with the origin, those to no origin or to an untrusted one too: otherwise a
    cache could hand one origin the answer made for another (Fetch, "CORS protocol and HTTP caches"). A preflight allows
    the methods that the route has.

    Flask-CORS takes a text with unusual characters for a pattern, and compares without regard to case; a compiled
    pattern of the escaped origin means that origin and no other.
    """
    paths = _paths(settings, also)
    if settings.trusted_origins:
        _narrow(app, paths)  # before Flask-CORS is set up, so after it at each answer
        CORS(
            app,
            resources={paths: {}},
            origins=[re.compile(re.escape(origin) + r"\Z") for origin in sorted(settings.trusted_origins)],
            supports_credentials=True,
            allow_headers=[settings.token_header, *REQUEST_HEADERS, *settings.cors_headers],
            expose_headers=[*RESPONSE_HEADERS, *settings.cors_expose],
            max_age=_PREFLIGHT_SECONDS,
            always_send=False,
            vary_header=False,
        )


def _paths(settings: Settings, also: str | None) -> re.Pattern[str]:
    """Return the pattern of whole paths, for Flask-CORS is content with a beginning."""
    own = rf"{re.escape(settings.url_prefix)}/.*|/\.well-known/jwks\.json"
    try:
        return re.compile(rf"(?:{own}|{also})\Z" if also else rf"(?:{own})\Z")
    except re.error as error:
        raise ConfigurationError(
            f"cors_paths = {shown(also)} is not a regular expression ({error}); set it to one of the paths that pages"
            " on other origins call."
        ) from error


def _narrow(app: Flask, called: re.Pattern[str]) -> None:
    @app.after_request
    def narrow(response: Response) -> Response:
        if called.match(request.path):
            response.vary.add("Origin")
            if _METHODS in response.headers and response.allow:
                response.headers[_METHODS] = ", ".join(sorted(response.allow))
        return response


_METHODS = "Access-Control-Allow-Methods"
