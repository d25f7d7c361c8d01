"""Profiles and tabs of a browser, the same for every engine, on a page that has the client."""

import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlencode

from patience import PATIENCE, PATIENCE_MS
from playwright.sync_api import BrowserContext, Error, Page
from selenium.webdriver import WebKitGTK


class ScriptError(Exception):
    """What a script in the page threw."""


def _bounded(script: str) -> str:
    return f"""
        const late = new Promise((_, reject) => setTimeout(() => reject(new Error("still waiting")), {PATIENCE_MS}));
        const run = async () => {{ await window.ready; {script} }};
        return JSON.stringify({{ value: await Promise.race([run(), late]) }});
    """


def _with_callback(script: str) -> str:
    return f"""
        const argument = arguments[0], done = arguments[1];
        (async () => {{ {script} }})().then(done, (error) => done(JSON.stringify({{ error: `${{error}}` }})));
    """


class Tab(Protocol):
    """One tab."""

    def open(self, address: str) -> None: ...

    def reload(self) -> None: ...

    def run(self, script: str, argument: Any = None) -> Any:
        """Run the body of an async function, to which `argument` is known, once the client is there.

        Return what it returns; raise if it throws or is not done in `PATIENCE_MS`.
        """
        ...


class Profile(Protocol):
    """A jar and its tabs."""

    def new_tab(self) -> Tab: ...

    def close(self) -> None: ...


def address_of(page: str, api: str, **options: Any) -> str:
    """Return the address of a page on the origin `page` whose session is of the origin `api`.

    `options` are those of `createSession` that JSON can say.
    """
    return f"{page}/?{urlencode({'api': api, 'options': json.dumps(options)})}"


def jar(context: BrowserContext) -> dict[str, str]:
    """Return the cookies that the browser would send.

    Firefox lists one that was deleted by ``Max-Age=0`` if its clock moved on by a millisecond meanwhile, as one that
    has expired, and never sends it again.
    """
    kept = (one for one in context.cookies() if one["expires"] == -1 or one["expires"] > time.time())
    return {cookie["name"]: cookie["value"] for cookie in kept}


class PlaywrightTab:
    """A tab of Chromium or Firefox; `page` is Playwright's own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto(address)

    def reload(self) -> None:
        self.page.reload()

    def run(self, script: str, argument: Any = None) -> Any:
        try:
            said = self.page.evaluate(f"async (argument) => {{{_bounded(script)}}}", argument)
        except Error as error:
            raise ScriptError(error.message) from error
        return json.loads(said).get("value")


class PlaywrightProfile:
    """A context of Chromium or Firefox; `context` is Playwright's own."""

    def __init__(self, context: BrowserContext) -> None:
        context.set_default_timeout(PATIENCE_MS)
        self.context = context

    def new_tab(self) -> PlaywrightTab:
        return PlaywrightTab(self.context.new_page())

    def close(self) -> None:
        self.context.close()


class WebKitTab:
    """A tab of WebKitGTK, where only the one in front can be told anything."""

    def __init__(self, driver: WebKitGTK, handle: str) -> None:
        self._driver = driver
        self._handle = handle

    def open(self, address: str) -> None:
        self._in_front().get(address)

    def reload(self) -> None:
        self._in_front().refresh()

    def run(self, script: str, argument: Any = None) -> Any:
        said = json.loads(self._in_front().execute_async_script(_with_callback(_bounded(script)), argument))
        if "error" in said:
            raise ScriptError(said["error"])
        return said.get("value")

    def _in_front(self) -> WebKitGTK:
        if self._driver.current_window_handle != self._handle:
            self._driver.switch_to.window(self._handle)
        return self._driver


class WebKitProfile:
    """A WebKitGTK of its own, for it knows no contexts; `start` starts it."""

    def __init__(self, start: Callable[[], WebKitGTK]) -> None:
        self.driver = start()
        self.driver.set_script_timeout(2 * PATIENCE)
        self.driver.set_page_load_timeout(PATIENCE)
        self._opened = count()

    def new_tab(self) -> WebKitTab:
        if next(self._opened):
            self.driver.switch_to.new_window("tab")
        return WebKitTab(self.driver, self.driver.current_window_handle)

    def close(self) -> None:
        self.driver.quit()
