"""The standalone application."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException, SecurityError

from ..entrances import check, pages
from ..extension import Renewal
from ..ground.ambient import Ambient
from ..ground.page_headers import protect
from ..ground.problems import from_http
from . import schema
from .models import User, db


def create_app(
    config: Mapping[str, Any] | None = None,
    *,
    instance_path: str | os.PathLike[str] | None = None,
    ambient: Ambient | None = None,
) -> Flask:
    """Make the application, its instance folder, its signing key and, in a SQLite file, its tables.

    Settings come from `FLASK_…` environment variables and then from `config`. Raises `ConfigurationError`.
    """
    folder = str(Path(instance_path).absolute()) if instance_path is not None else None
    app = Flask("flask_renewal", instance_path=folder, static_folder=None)
    app.config.from_prefixed_env()
    app.config.update(config or {})
    os.makedirs(app.instance_path, mode=0o700, exist_ok=True)
    schema.connect(app, db)
    Renewal(app, db=db, user_model=User, ambient=ambient, cors_paths="/.*")
    pages.install(app)
    app.add_url_rule("/", view_func=index)
    check.install_health(app)
    app.register_error_handler(HTTPException, answer_http_error)
    schema.install(app, db)
    return app


def index() -> Response:
    """Lead a person who clicks on the line that the server printed to the pages."""
    return protect(make_response(redirect(url_for("flask_renewal_pages.account"))))


def answer_http_error(error: HTTPException) -> Response:
    """Answer an error outside the API with a page if the client reads pages, else with a problem."""
    return pages.http_error(error) if _reads_pages() else from_http(error)


def _reads_pages() -> bool:
    has_address = not isinstance(request.routing_exception, SecurityError)
    return has_address and "text/html" in request.accept_mimetypes.values()
