"""Serving the application with Waitress, for `python wsgi.py`; docs/deploy.md says why with that.

Waitress takes requests in on one thread and hands those that are complete to others, so a client that is slow costs a
descriptor and no thread. What it does not refuse itself is refused here, in classes that it lets one exchange.
"""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

from ..ground.body import LONGEST_BODY
from ..ground.errors import ConfigurationError

try:
    import resource
except ImportError:  # pragma: no cover - Windows has none
    resource = None  # type: ignore[assignment]

THREADS = 128
"""More than 100 clients at once; a thread that waits for a password hash must not keep others waiting."""
MOST_CONNECTIONS = 5000
"""Each costs some microseconds whenever any of them has something to say."""
OTHER_FILES = 512
"""Descriptors that are left for the database and for what else the process opens."""
LONGEST_HEAD = 64 * 1024
"""Bytes."""
SLOWEST_REQUEST_SECONDS = 30.0
"""From its first byte to its last."""
IDLE_SECONDS = 20
WAITING_CONNECTIONS = 1024
"""Those that the system accepts before the server does."""


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request that says once where it goes, and in one way how long it is."""

    content_length: int

    def __init__(self, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.began = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; raises Waitress's `ParsingError`, which is a 400 and the end of the connection.

        Who reads a request with two lengths, or for two hosts, otherwise than a proxy in front lets one request in
        behind another (RFC 9112 §3.2, §6.1). A body that is too long is left where it is, for the application to refuse
        by the length that is announced.
        """
        super().parse_header(header_plus)
        if (self.version == "1.1" and "HOST" not in self.headers) or "," in self.headers.get("HOST", ""):
            raise ParsingError("A request needs one Host")
        if (self.chunked and "CONTENT_LENGTH" in self.headers) or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("A request has one length")
        if self.content_length > LONGEST_BODY:
            self.content_length, self.body_rcv, self.expect_continue = 0, None, False
            self.headers["CONNECTION"] = "close"


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection, which is closed when a request takes too long to come in, however busily it drips."""

    parser_class = Request

    def readable(self) -> bool:
        """Say whether to read on."""
        request = self.request
        if request is not None and time.monotonic() - request.began > SLOWEST_REQUEST_SECONDS:
            self.will_close = True
        return bool(super().readable())


def listen() -> socket.socket:
    """Listen on `HOST` (127.0.0.1) and `PORT` (5000; 0 for a free one); raises `ConfigurationError`."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "5000")
    if not port.isdecimal() or int(port) > 65_535:
        raise ConfigurationError(f"PORT = {port!r} is no port; set it to a number up to 65535, or to 0 for a free one.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, int(port)), family=family)
    except OSError as error:
        raise ConfigurationError(
            f"HOST = {host!r}, PORT = {port} cannot be listened on ({str(error.strerror).partition(' (')[0]}); stop"
            " what does so already, or set PORT to another one, 0 for one that is free."
        ) from error


def serve(app: Flask, listening: socket.socket) -> None:
    """Serve until SIGTERM or Ctrl+C.

    Requests that are being answered are finished first. Forwarded headers are left to the application, which believes
    them only as `RENEWAL_TRUSTED_PROXIES` says.
    """
    connections: dict[int, Any] = {}
    server = waitress.create_server(
        app,
        map=connections,
        sockets=[listening],
        threads=THREADS,
        backlog=WAITING_CONNECTIONS,
        connection_limit=_most_connections(),
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=5,
        asyncore_use_poll=True,  # select(2) knows no descriptor above 1,023
        max_request_header_size=LONGEST_HEAD,
        max_request_body_size=2 * LONGEST_BODY,  # in chunks; the application refuses what is shorter
        inbuf_overflow=2 * LONGEST_BODY,  # nothing goes to the disk
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    server.channel_class = Connection
    signal.signal(signal.SIGTERM, _stop)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"Flask-Renewal is running: http://{shown}:{port}/ (Ctrl+C stops it)\n")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        wasyncore.close_all(connections)  # those of clients that keep their connections, too


def _most_connections() -> int:
    """Let the process open as many files as it needs and may; return for how many connections they suffice."""
    if resource is None:
        return MOST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # macOS says that there is no limit, and has one
        wanted = MOST_CONNECTIONS + OTHER_FILES
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(allowed // 2, min(MOST_CONNECTIONS, allowed - OTHER_FILES))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
