"""Serving the application with Waitress, for `python wsgi.py`."""

import os
import signal
import sys
from types import FrameType
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

THREADS = 128
"""More than 100 clients at once; a thread that waits for a password hash must not keep others waiting."""
MOST_CONNECTIONS = 1000
LONGEST_REQUEST = 64 * 1024 * 1024
"""Bytes that the server takes in before the application can refuse them properly."""


def serve(app: Flask) -> None:
    """Serve on `HOST` (127.0.0.1) and `PORT` (5000; 0 for a free one) until SIGTERM or Ctrl+C.

    Requests that are being answered are finished first. Forwarded headers are left to the application, which believes
    them only as `RENEWAL_TRUSTED_PROXIES` says.
    """
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "5000")
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS,
        max_request_body_size=LONGEST_REQUEST,
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    signal.signal(signal.SIGTERM, _stop)
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"Flask-Renewal is running: http://{shown}:{server.effective_port}/ (Ctrl+C stops it)\n")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        wasyncore.close_all(sockets)  # those of clients that keep their connections, too


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
