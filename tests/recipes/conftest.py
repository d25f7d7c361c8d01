"""The recipes as people meet them: built once by Vite, on an origin of their own, in Chromium, against a real server.

Skipped where Node, npm, their packages or Chromium are missing, unless all is asked for.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from everything import missing, need_chromium, need_node
from servers import Server, serving

from .settings import RECIPES, settings_of
from .sites import THE_API, Site
from .tabs import Tab

HERMETIC = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No name but the machine's own is looked up, whatever the browser would like to tell its maker."""


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The apps, built for an API whose address is filled in when they are served."""
    need_node(20, 19)  # as Vite does
    vite = RECIPES / "node_modules" / ".bin" / "vite"
    if not vite.exists():
        missing("run `npm ci` in examples/recipes first")
    folder = tmp_path_factory.mktemp("recipes") / "dist"
    environ = {**os.environ, "VITE_API_URL": THE_API, "NO_COLOR": "1"}
    command = [vite, "build", "--outDir", folder, "--logLevel", "warn"]
    done = subprocess.run(command, cwd=RECIPES, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="package")
def site(built: Path) -> Iterator[Site]:
    with Site(built) as site:
        yield site


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """One browser for all, gone before another package starts its own: two at a time Playwright refuses to drive."""
    program = need_chromium()
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests can do without it
    except ImportError:
        missing("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[HERMETIC])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serve(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Return a function that serves with the settings of a recipe, and those given as keyword arguments."""
    with ExitStack() as servers:

        def start(recipe: str, **settings: Any) -> Server:
            theirs = {**settings_of(recipe), "RENEWAL_TRUSTED_ORIGINS": [site.origin], **settings}
            return servers.enter_context(serving(tmp_path_factory.mktemp(recipe), **theirs))

        yield start


@contextmanager
def visiting(chromium: Any, site: Site) -> Iterator[Callable[..., Tab]]:
    with ExitStack() as contexts:

        def open_app(path: str, server: Server, *, api: str | None = None, timed: bool = False) -> Tab:
            context = contexts.enter_context(chromium.new_context())
            tab = Tab(context, site, path, api=(api or server.address).rstrip("/"))
            if timed:
                tab.page.clock.install()
            tab.open()
            return tab

        yield open_app


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Callable[..., Tab]]:
    """Return a function that opens an app in a browser of its own, `timed` with a clock that can be moved."""
    with visiting(chromium, site) as visit:
        yield visit


@pytest.fixture(scope="module")
def visit_early(chromium: Any, site: Site) -> Iterator[Callable[..., Tab]]:
    """`visit` for tabs that several tests have opened together, so that their tokens grow old together."""
    with visiting(chromium, site) as visit:
        yield visit
