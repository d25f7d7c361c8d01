"""Two servers, one for the API and one for the sample app, on two ports of one loopback name."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .api import QUIET_WINDOW, create_api
from .sample import create_sample_app

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Prints no line for each request: the time line on the page shows more."""

    def log_request(self, *_: Any) -> None:
        """Say nothing."""


class Demo:
    """The two servers, running from entering to leaving the context."""

    def __init__(self, folder: Path, *, port: int = 0, app_port: int = 0, quiet_window: float = QUIET_WINDOW) -> None:
        self._api_socket, self._app_socket = _listen(port), _listen(app_port)
        self.api_url = f"http://{HOST}:{self._api_socket.getsockname()[1]}"
        self.app_url = f"http://{HOST}:{self._app_socket.getsockname()[1]}"
        api = create_api(folder, app_url=self.app_url, quiet_window=quiet_window)
        self._servers = [
            _server(self._api_socket, api),
            _server(self._app_socket, create_sample_app(self.api_url, quiet_window)),
        ]
        self._threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in self._servers]

    def __enter__(self) -> "Demo":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._api_socket.close()
        self._app_socket.close()

    def wait(self) -> None:
        """Wait for Ctrl+C."""
        with suppress(KeyboardInterrupt):
            for thread in self._threads:
                thread.join()


def _listen(port: int) -> socket.socket:
    """Listen on `port`, or on a free one where that is taken."""
    try:
        return socket.create_server((HOST, port))
    except OSError:
        return socket.create_server((HOST, 0))


def _server(listening: socket.socket, app: Callable[..., Any]) -> BaseWSGIServer:
    port = listening.getsockname()[1]
    return make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno())
