"""Real browsers and servers for them.

A missing browser or tool skips its tests, unless all is asked for.
"""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from everything import missing, need
from flask import Flask
from patience import PATIENCE_MS
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from .client_kit import make_world, profile, world  # noqa: F401 - fixtures
from .hermetic import Proxy
from .launching import (
    NAMES,
    TOTAL_COOKIE_PROTECTION,
    start_chromium,
    start_firefox,
    start_webkit,
    x_display,
)
from .pages_kit import context, page, site  # noqa: F401 - fixtures
from .serving import page_app, serving, tls_context
from .tabs import PlaywrightProfile, Profile, WebKitProfile

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def proxy() -> Iterator[Proxy]:
    """What tells the names to browsers that cannot be told them otherwise."""
    proxy = Proxy(NAMES)
    yield proxy
    proxy.close()


@pytest.fixture(scope="package")
def display() -> Iterator[str]:
    with x_display() as display:
        yield display


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = start_chromium(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def firefox(playwright: Playwright, proxy: Proxy) -> Iterator[Browser]:
    browser = start_firefox(playwright, proxy.port, TOTAL_COOKIE_PROTECTION)
    yield browser
    browser.close()


@pytest.fixture(scope="package", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each of the browsers that have contexts, in turn."""
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


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def new_profile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Profile]]:
    """Return a function that opens an empty profile of each engine in turn; all close with the test."""
    with ExitStack() as profiles:

        def open_profile() -> Profile:
            if request.param == "webkit":
                display, proxy = request.getfixturevalue("display"), request.getfixturevalue("proxy")
                profile: Profile = WebKitProfile(lambda: start_webkit(display, tmp_path, proxy.port))
            else:
                browser = request.getfixturevalue(request.param)
                profile = PlaywrightProfile(browser.new_context(ignore_https_errors=True))
            profiles.callback(profile.close)
            return profile

        yield open_profile


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Return a function that serves an application on loopback and returns its origin."""
    with ExitStack() as servers:

        def start(app: Flask, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> str:
            return servers.enter_context(serving(app, host=host, tls=tls))

        yield start


@pytest.fixture(scope="package")
def tls() -> ssl.SSLContext:
    """A certificate for all names."""
    return tls_context()


@pytest.fixture
def serve_page(serve: Callable[..., str]) -> Callable[..., str]:
    """Return a function that serves a page with the client on an origin of its own, which it returns."""

    def start(*, host: str = "localhost", tls: ssl.SSLContext | None = None) -> str:
        return serve(page_app(), host=host, tls=tls)

    return start


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, the accessibility checker, as npm has it."""
    npm, folder = need("npm"), tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "axe-core@4"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    script = Path(folder) / "node_modules" / "axe-core" / "axe.min.js"
    return script.read_text() if done.returncode == 0 else missing("axe-core is not installed")
