"""Servers for browsers: any application on any of the hosts, with TLS or without, and a page that has the client."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import trustme
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from .launching import NAMES

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>A page of an app</title>
<script>
  const asked = new URLSearchParams(location.search);
  const baseUrl = asked.get("api") ?? location.origin;
  window.heard = [];
  window.ready = import(`${baseUrl}/auth/client.js`).then(({ createSession }) => {
    window.session = createSession({ baseUrl, ...JSON.parse(asked.get("options") ?? "{}") });
    session.addEventListener("change", ({ detail }) => heard.push(detail));
  });
</script>
"""
"""Has `session` and, in `heard`, every state that it dispatched; the client comes from the API itself."""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the signature is Werkzeug's
        pass


class _PatientContext(ssl.SSLContext):
    """Leaves the handshake to the thread of the connection: a browser that opens one early must not hold up others."""

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        return super().wrap_socket(*args, **{**options, "do_handshake_on_connect": False})


def tls_context() -> ssl.SSLContext:
    """Return a certificate for all names, of an authority that no browser knows."""
    context = _PatientContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(*NAMES, "localhost").configure_cert(context)
    return context


@contextmanager
def serving(app: Any, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve a WSGI application on loopback; the value is its origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, ssl_context=tls)
    server.daemon_threads = True  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://{host}:{server.port}"
    finally:
        server.shutdown()
        server.server_close()


def page_app() -> Flask:
    """Return an application that answers every path with a page that has the client."""
    app = Flask("page")
    app.add_url_rule("/", "page", lambda: PAGE)
    return app
