"""The browsers of the table of places: how each is started, and how it opens empty profiles."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext

from .launching import TOTAL_COOKIE_PROTECTION, start_chromium_profile, start_firefox, start_webkit
from .places import CHROMIUM, CHROMIUM_BLOCKING, FIREFOX, FIREFOX_BLOCKING, FIREFOX_OPT_IN, WEBKIT, WEBKIT_ITP
from .tabs import PlaywrightProfile, Profile, WebKitProfile

NewProfile = Callable[[], Profile]
Start = Callable[[Callable[[str], Any], Path, ExitStack], NewProfile]
"""Takes what gets a fixture, an empty folder, and what ends the browser."""

_OPT_IN = {**TOTAL_COOKIE_PROTECTION, "network.cookie.cookieBehavior.optInPartitioning": True}
_NO_THIRD_PARTIES = {"network.cookie.cookieBehavior": 1}


class _EmptiedProfile(PlaywrightProfile):
    """The only profile of a Chromium whose settings are those of the profile: emptied instead of closed."""

    def close(self) -> None:
        for page in self.context.pages:
            page.close()
        self.context.clear_cookies()


def _chromium(*, block_third_party: bool) -> Start:
    def start(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
        context: BrowserContext = start_chromium_profile(
            fixture("playwright"), folder, block_third_party=block_third_party
        )
        ends.callback(context.close)
        return lambda: _EmptiedProfile(context)

    return start


def _firefox(preferences: dict[str, Any]) -> Start:
    def start(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
        browser = start_firefox(fixture("playwright"), fixture("proxy").port, preferences)
        ends.callback(browser.close)
        return lambda: PlaywrightProfile(browser.new_context(ignore_https_errors=True))

    return start


def _firefox_as_it_comes(fixture: Callable[[str], Any], folder: Path, ends: ExitStack) -> NewProfile:
    """Take the one that other tests use, too."""
    browser = fixture("firefox")
    return lambda: PlaywrightProfile(browser.new_context(ignore_https_errors=True))


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
