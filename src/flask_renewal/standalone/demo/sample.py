"""The origin of the sample app: static files, told where the API is."""

import base64
import hashlib
import re

from flask import Flask, Response, send_from_directory

from ...ground.folders import SAMPLE_APP

API_IN_FILE = "http://127.0.0.1:5000"
"""What the file says, so that it also works as it lies there."""
WINDOW_IN_FILE = 'data-window="3"'

_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


def create_sample_app(api_url: str, quiet_window: float) -> Flask:
    """Make the application that serves the sample app for the API at `api_url`, whose window is in seconds."""
    app = Flask("flask_renewal.standalone.demo.sample", static_folder=None)
    page = (SAMPLE_APP / "index.html").read_text(encoding="utf-8").replace(API_IN_FILE, api_url)
    page = page.replace(WINDOW_IN_FILE, f'data-window="{quiet_window}"')
    policy = _content_policy(page, api_url)

    @app.get("/")
    def index() -> Response:
        return Response(page, mimetype="text/html", headers={"Content-Security-Policy": policy})

    @app.get("/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(SAMPLE_APP, name)

    @app.after_request
    def ask_each_time(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


def _content_policy(page: str, api_url: str) -> str:
    """Allow the page its own files, the API, and the import map, by its hash."""
    inline = _IMPORT_MAP.findall(page)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    scripts = " ".join(["'self'", api_url, *(f"'sha256-{digest}'" for digest in hashes)])
    rest = "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; script-src {scripts}; connect-src 'self' {api_url}; {rest}"
