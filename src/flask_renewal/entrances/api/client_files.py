"""The browser client, served by the application that it talks to, so that the two always fit."""

from flask import Blueprint, Flask, Response, send_from_directory
from werkzeug.exceptions import HTTPException

from ...ground.folders import BROWSER
from ...ground.problems import from_http
from ...identity.services import Services

client_files = Blueprint("flask_renewal_client", __name__)


@client_files.get("/client.js")
def entry() -> Response:
    """Serve the module that applications import."""
    return _module("client.js")


@client_files.get("/account.js")
def account() -> Response:
    """Serve the module for what people do with their sessions and their password."""
    return _module("account.js")


@client_files.get("/client/<name>.js")
def part(name: str) -> Response:
    """Serve a module that another one imports."""
    return _module(f"client/{name}.js")


def _module(path: str) -> Response:
    """Answer with a module, for a browser to ask after each time: files of two versions must not meet in one page."""
    response = send_from_directory(BROWSER, path, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def install(app: Flask, services: Services) -> None:
    """Mount the client beside the API; `flask_renewal.entrances.api.cors` lets the trusted origins read it."""
    app.register_blueprint(client_files, url_prefix=services.settings.url_prefix)


client_files.register_error_handler(HTTPException, from_http)
