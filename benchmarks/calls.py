"""Applications in this process: a folder for each, and calls without a server in between."""

import io
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from flask import Flask

_FOLDERS = TemporaryDirectory(prefix="renewal-benchmark-")
"""Gone when this process is."""


def new_folder() -> Path:
    """Return an empty folder that lasts as long as this process."""
    return Path(mkdtemp(dir=_FOLDERS.name))


def call(app: Flask, path: str, token: str, times: int) -> float:
    """Return the microseconds of processor time that one call takes."""
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000", "HTTP_HOST": "127.0.0.1:5000", "HTTP_AUTHORIZATION": f"Bearer {token}",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }  # fmt: skip
    began = time.process_time()
    for _ in range(times):
        b"".join(app(dict(environ), _expect_success))
    return (time.process_time() - began) / times * 1e6


def _expect_success(status: str, headers: object, error: object = None) -> Any:
    if not status.startswith("200"):
        raise RuntimeError(status)
