"""The files that the pages are made of: templates, one stylesheet, one script, one icon."""

import hashlib
from functools import cache

from flask import Response, request, url_for
from jinja2 import FileSystemLoader, PrefixLoader

from ...ground.folders import TEMPLATES

ASSETS = {"pages.css": "text/css", "pages.js": "text/javascript", "icon.svg": "image/svg+xml"}
"""Names and media types."""
_YEAR_SECONDS = 365 * 24 * 3600


def loader() -> PrefixLoader:
    """Return the loader of our templates, under names that no host has by chance.

    ``renewal/login.html`` is the one that is shown, which a host may replace; ``flask_renewal/login.html`` stays ours,
    for the host's to extend.
    """
    ours = FileSystemLoader(TEMPLATES)
    return PrefixLoader({"renewal": ours, "flask_renewal": ours})


def asset_url(name: str) -> str:
    """Return the address of an asset, which changes with its content."""
    return url_for("flask_renewal_pages.asset", name=name, v=_version(name))


def send_asset(name: str) -> Response:
    """Answer with an asset, to be kept for a year under the address that names this very content."""
    response = Response(_content(name), mimetype=ASSETS[name])
    response.set_etag(_version(name))
    if request.args.get("v") == _version(name):
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@cache
def _content(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:16]
