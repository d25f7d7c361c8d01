"""Real browsers and servers for them.

A missing browser or tool skips its tests; with ``RENEWAL_TEST_EVERYTHING=1`` it fails them.
"""

import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .hermetic import Proxy

NAMES = ("app.example.com", "api.example.com", "evil.example.org")
"""Host names that are this machine in every browser here."""
PATIENCE_MS = 15_000

CHROMIUM_RULES = ",".join(
    [*(f"MAP {name} 127.0.0.1" for name in NAMES), "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"]
)
FIREFOX_QUIET = {
    "app.normandy.enabled": False,
    "browser.topsites.contile.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.trr.mode": 5,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.server": "",
}


def missing(what: str) -> NoReturn:
    """Skip a test that needs something this machine does not have, unless everything is to be tested."""
    reason = f"{what} is not installed"
    if os.environ.get("RENEWAL_TEST_EVERYTHING") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _program(name: str) -> str:
    return shutil.which(name) or missing(name)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=_program("chromium"), args=[f"--host-resolver-rules={CHROMIUM_RULES}"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    program = _program("firefox-esr")
    proxy = Proxy(NAMES)
    proxied = {
        "network.proxy.type": 1,
        "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": proxy.port,
        "network.proxy.socks_remote_dns": True,
    }
    browser = playwright.firefox.launch(
        channel="moz-firefox", executable_path=program, firefox_user_prefs={**FIREFOX_QUIET, **proxied}
    )
    yield browser
    browser.close()
    proxy.close()


@pytest.fixture(scope="package", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each of the browsers in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens an empty profile; its tabs share one jar, and all close with the test."""
    with ExitStack() as contexts:

        def open_context(**options: Any) -> BrowserContext:
            context = browser.new_context(**options)
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            return context

        yield open_context


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the signature is Werkzeug's
        pass


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Return a function that serves an application on loopback and returns its address, without a slash."""
    with ExitStack() as servers:

        def start(app: Flask, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> str:
            server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, ssl_context=tls)
            server.daemon_threads = True  # type: ignore[attr-defined]
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            servers.callback(_stop, server)
            return f"http{'s' if tls else ''}://{host}:{server.port}"

        yield start


def _stop(server: BaseWSGIServer) -> None:
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, the accessibility checker, as npm has it."""
    npm, folder = _program("npm"), tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "axe-core@4"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    script = Path(folder) / "node_modules" / "axe-core" / "axe.min.js"
    return script.read_text() if done.returncode == 0 else missing("axe-core")
