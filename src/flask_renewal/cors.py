"""Which answers a page on another origin may read: Flask-CORS, fed with exact origins only."""

import re

from flask import Flask, Response, request
from flask_cors import CORS

from .settings import Settings

_PREFLIGHT_SECONDS = 600

REQUEST_HEADERS = ("Authorization", "Content-Type", "X-Refresh-Transport", "X-Device-Id")
RESPONSE_HEADERS = ("WWW-Authenticate", "Retry-After")
"""The renewal header is not among them: the hook exposes it on the answers that carry it."""


def allow(app: Flask, settings: Settings, *, paths: str) -> None:
    """Let the trusted origins call `paths`, a regular expression, with credentials.

    Every answer there says that it varies with the origin, those to no origin or to an untrusted one too: otherwise a
    cache could hand one origin the answer made for another (Fetch, "CORS protocol and HTTP caches").

    Flask-CORS takes a text with unusual characters for a pattern, and compares without regard to case; a compiled
    pattern of the escaped origin means that origin and no other.
    """
    if settings.trusted_origins:
        CORS(
            app,
            resources={paths: {}},
            origins=[re.compile(re.escape(origin) + r"\Z") for origin in sorted(settings.trusted_origins)],
            supports_credentials=True,
            allow_headers=list(REQUEST_HEADERS),
            expose_headers=list(RESPONSE_HEADERS),
            max_age=_PREFLIGHT_SECONDS,
            always_send=False,
            vary_header=False,
        )
        _vary_with_origin(app, re.compile(paths))


def _vary_with_origin(app: Flask, called: re.Pattern[str]) -> None:
    @app.after_request
    def vary(response: Response) -> Response:
        if called.fullmatch(request.path):
            response.vary.add("Origin")
        return response
