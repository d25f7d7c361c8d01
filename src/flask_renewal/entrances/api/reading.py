"""The OpenAPI document as a page for people, where `RENEWAL_API_DOCS` is on: no script, no file from elsewhere."""

import json
import re
from typing import Any

from flask import Blueprint, Response, render_template
from jinja2 import FileSystemLoader, PrefixLoader
from markupsafe import Markup, escape

from ...ground.folders import TEMPLATES
from ...ground.page_headers import protect
from ...identity.services import current
from .openapi import document


class _Reading(Blueprint):
    jinja_loader = PrefixLoader({"renewal_docs": FileSystemLoader(TEMPLATES)})


reading = _Reading("flask_renewal_docs", __name__)


@reading.get("/docs")
def docs() -> Response:
    """Show what the API is."""
    response = Response(
        render_template("renewal_docs/docs.html", told=document(current()), shown=_shown, marked=_marked)
    )
    response.headers["Cache-Control"] = "no-cache"
    return protect(response)


@reading.get("/docs.css")
def style() -> Response:
    """Serve the style of the page."""
    response = Response((TEMPLATES / "docs.css").read_bytes(), mimetype="text/css")
    response.headers["Cache-Control"] = "no-cache"
    return protect(response)


def _shown(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _marked(words: str | None) -> Markup:
    """Return words with what stands between backquotes as code."""
    parts = re.split("`([^`]*)`", words or "")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )
