"""What the tests of the client stand on: a page, an API on another origin, and between the two a proxy with faults."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import cookie_names
import pytest
from conftest import PASSWORD
from cookie_names import called
from flask import Flask
from patience import PATIENCE
from playwright.sync_api import BrowserContext

from flask_renewal.identity.services import EXTENSION

from .loss_proxy import Exchange, LossProxy
from .tabs import PlaywrightProfile, PlaywrightTab, Tab, address_of, jar

REFRESH = "/auth/refresh"
HTTPS_PAGE, HTTPS_API = "app.example.com", "api.example.com"

_ASK = """
const [path, init] = argument;
try {
  const response = await session.fetch(path, init);
  return { status: response.status, body: await response.json().catch(() => null) };
} catch (error) {
  return { code: error.code ?? error.name };
}
"""


class World:
    """One browser profile, a page, and an API on another origin behind a proxy with faults."""

    def __init__(self, *, app: Flask, profile: PlaywrightProfile, page: str, proxy: LossProxy) -> None:
        self.app = app
        self.profile = profile
        self.page = page
        self.proxy = proxy
        https = page.startswith("https:")
        self.api = f"https://{HTTPS_API}:{proxy.port}" if https else f"http://localhost:{proxy.port}"

    def open_tab(self, *, timed: bool = False, **options: Any) -> PlaywrightTab:
        """Open a tab, `timed` with a clock of its own that can be moved; `options` are those of `createSession`."""
        tab = self.profile.new_tab()
        if timed:
            tab.page.clock.install()
        tab.open(address_of(self.page, self.api, **options))
        tab.run("return null")  # the client has come
        return tab

    def signed_in_tab(self, **options: Any) -> PlaywrightTab:
        tab = self.open_tab(**options)
        sign_in(tab)
        return tab

    def two_tabs(self) -> tuple[PlaywrightTab, PlaywrightTab]:
        """Open two tabs that are signed in."""
        first, second = self.signed_in_tab(), self.open_tab()
        assert second.run("return (await session.restore()).signedIn")
        return first, second

    def add_person(self, name: str) -> None:
        with self.app.app_context():
            self.app.extensions[EXTENSION].accounts.add(name, PASSWORD)

    def refreshes(self) -> list[Exchange]:
        """Return the refreshes that the server has handled."""
        return self.proxy.handled(REFRESH)

    def cookie(self) -> str | None:
        """Return the refresh token in the jar."""
        return jar(self.profile.context).get(called(cookie_names.REFRESH, self.api))

    def wait_until_there_is_no_cookie(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.cookie():
            assert time.monotonic() < deadline
            time.sleep(0.02)


def sign_in(tab: Tab, name: str = "alice") -> None:
    tab.run("await session.login(argument)", {"username": name, "password": PASSWORD})


def ask(tab: Tab, path: str = "/auth/me", **init: Any) -> dict[str, Any]:
    """Fetch by the session; return status and body of the answer, or the code of what was thrown."""
    return tab.run(_ASK, [path, init])


def who(tab: Tab) -> list[Any]:
    """Return whether somebody is signed in as far as the tab knows, who, and why."""
    return tab.run(
        "const { signedIn, user, reason } = session.state; return [signedIn, user?.username ?? null, reason]"
    )


def wait_until(tab: Tab, condition: str) -> None:
    """Wait until the expression is true in the tab."""
    tab.run(f"while (!({condition})) await new Promise((resolve) => setTimeout(resolve, 10))")


def wait_for_answer(tab: Tab) -> None:
    """Ask until the server answers: after a failure the client lets up to a second pass."""
    deadline = time.monotonic() + PATIENCE
    while ask(tab).get("status") != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def profile(new_context: Callable[..., BrowserContext]) -> PlaywrightProfile:
    return PlaywrightProfile(new_context(ignore_https_errors=True))


@pytest.fixture
def make_world(
    make_app: Callable[..., Flask],
    serve: Callable[..., str],
    serve_page: Callable[..., str],
    profile: PlaywrightProfile,
    tls: ssl.SSLContext,
) -> Iterator[Callable[..., World]]:
    """Return a function that opens a world in which alice has an account; it passes options on to `make_app`.

    Page and API are two ports of localhost, with `https` two hosts of one site.
    """
    with ExitStack() as proxies:

        def make(*, https: bool = False, keep_alive: bool = False, **options: Any) -> World:
            page = serve_page(host=HTTPS_PAGE, tls=tls) if https else serve_page()
            app = make_app(RENEWAL_TRUSTED_ORIGINS=[page], **options)
            proxy = LossProxy(serve(app), tls=tls if https else None, keep_alive=keep_alive)
            proxies.callback(proxy.close)
            world = World(app=app, profile=profile, page=page, proxy=proxy)
            world.add_person("alice")
            return world

        yield make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
