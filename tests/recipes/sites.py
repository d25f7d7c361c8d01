"""What serves the built apps, and a proxy that hides a header from them."""

from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from patience import PATIENCE

THE_API = "http://the-api.invalid"
"""Stands in the built apps for the address of the API, which is known only once a server has started."""

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class _Background:
    """A server on a free port of 127.0.0.1, in a thread of its own."""

    def __init__(self, handler: Any) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Any:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Site(_Background):
    """Serves the built apps, on another origin than the API."""

    def __init__(self, folder: Path) -> None:
        super().__init__(partial(_Files, self, directory=str(folder)))
        self.api = ""


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        self._site = site
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes().replace(THE_API.encode(), self._site.api.encode())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Unexposing(_Background):
    """Hands everything on to a server and back, but exposes no response header, as careless CORS settings would."""

    def __init__(self, address: str) -> None:
        super().__init__(partial(_HandOn, urlsplit(address).netloc))


class _HandOn(BaseHTTPRequestHandler):
    def __init__(self, server: str, *args: Any, **kwargs: Any) -> None:
        self._behind = server
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = HTTPConnection(self._behind, timeout=PATIENCE)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        self.send_response_only(response.status)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP | {"access-control-expose-headers"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_OPTIONS = do_GET  # noqa: N815 - the names are the library's

    def log_message(self, *_: object) -> None:
        """Say nothing."""
