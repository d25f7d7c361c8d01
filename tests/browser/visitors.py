"""The browsers of the table of places: how each is started, and how it opens empty profiles."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext

from .launching import TOTAL_COOKIE_PROTECTION, start_chromium_profile, start_firefox, start_webkit
from .places import CHROMIUM, CHROMIUM_BLOCKING, FIREFOX, FIREFOX_BLOCKING, FIREFOX_OPT_IN, WEBKIT, WEBKIT_ITP
from .tabs import PlaywrightProfile, PlaywrightTab, Profile, WebKitProfile

NewProfile = Callable[[], Profile]
Start = Callable[[Callable[[str], Any], Path, ExitStack], NewProfile]
"""Takes what gets a fixture, an empty folder, and what ends the browser."""

_OPT_IN = {**TOTAL_COOKIE_PROTECTION, "network.cookie.cookieBehavior.optInPartitioning": True}
_NO_THIRD_PARTIES = {"network.cookie.cookieBehavior": 1}


class _OneTab(PlaywrightProfile):
    """The only profile of a browser, and its only tab: emptied instead of closed, for a new tab is a new process."""

    def __init__(self, context: BrowserContext) -> None:
        super().__init__(context)
        self._tab = super().new_tab()

    def new_tab(self) -> PlaywrightTab:
        return self._tab

    def close(self) -> None:
        self._tab.open("about:blank")
        self.context.clear_cookies()


def _chromium(*, block_third_party: bool) -> Start:
    def start(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
        profile = _OneTab(start_chromium_profile(fixture("playwright"), folder, block_third_party=block_third_party))
        ends.callback(profile.context.close)
        return lambda: profile

    return start


def _firefox(preferences: dict[str, Any]) -> Start:
    def start(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
        browser = start_firefox(fixture("playwright"), fixture("proxy").port, preferences)
        ends.callback(browser.close)
        profile = _OneTab(browser.new_context(ignore_https_errors=True))
        return lambda: profile

    return start


def _firefox_as_it_comes(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
    """Take the one that other tests use, too."""
    profile = _OneTab(fixture("firefox").new_context(ignore_https_errors=True))
    ends.callback(profile.context.close)
    return lambda: profile


def _webkit(*arguments: str) -> Start:
    def start(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
        display, port = fixture("display"), fixture("proxy").port
        return lambda: WebKitProfile(lambda: start_webkit(display, folder, port, *arguments))

    return start


STARTS: dict[str, Start] = {
    CHROMIUM: _chromium(block_third_party=False),
    CHROMIUM_BLOCKING: _chromium(block_third_party=True),
    FIREFOX: _firefox_as_it_comes,
    FIREFOX_OPT_IN: _firefox(_OPT_IN),
    FIREFOX_BLOCKING: _firefox(_NO_THIRD_PARTIES),
    WEBKIT: _webkit(),
    WEBKIT_ITP: _webkit("--enable-itp"),
}
