"""Starting the three browsers so that they reach this machine only and treat third-party cookies as a test says.

Each is Debian's own: Chromium and Firefox driven by Playwright, WebKitGTK by Selenium on a display of its own.
"""

import json
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from everything import missing, need, need_chromium
from playwright.sync_api import Browser, BrowserContext, Playwright
from selenium.webdriver import WebKitGTK, WebKitGTKOptions, WebKitGTKService

NAMES = ("app.example.com", "api.example.com", "app.example.org", "evil.example.org")
"""Host names that are this machine in every browser here; WebKit needs a public suffix that it knows."""

_CHROMIUM_RULES = ",".join(
    [*(f"MAP {name} 127.0.0.1" for name in NAMES), "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"]
)
CHROMIUM_HERMETIC = [f"--host-resolver-rules={_CHROMIUM_RULES}"]
_FIREFOX_QUIET = {
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
TOTAL_COOKIE_PROTECTION = {"network.cookie.cookieBehavior": 5}
"""Firefox's default: third-party cookies are kept, in a jar for each page's site."""


def start_chromium(playwright: Playwright) -> Browser:
    """Start Chromium for contexts of their own; what these do with third-party cookies cannot be chosen."""
    return playwright.chromium.launch(executable_path=need_chromium(), args=CHROMIUM_HERMETIC)


def start_chromium_profile(playwright: Playwright, folder: Path, *, block_third_party: bool) -> BrowserContext:
    """Start Chromium with one profile, which blocks third-party cookies or not; builds differ in their default."""
    preferences = folder / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps({"profile": {"cookie_controls_mode": int(block_third_party)}}))
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=need_chromium(), args=CHROMIUM_HERMETIC, ignore_https_errors=True
    )


def start_firefox(playwright: Playwright, proxy_port: int, preferences: dict[str, Any]) -> Browser:
    proxied = {
        "network.proxy.type": 1,
        "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": proxy_port,
        "network.proxy.socks_remote_dns": True,
    }
    prefs = {**_FIREFOX_QUIET, **proxied, **preferences}
    return playwright.firefox.launch(
        channel="moz-firefox", executable_path=need("firefox-esr"), firefox_user_prefs=prefs
    )


@contextmanager
def x_display() -> Iterator[str]:
    """Start an X server without a screen. Xvfb dies if the pipe is closed before the whole line is written."""
    reading, writing = os.pipe()
    command = [need("Xvfb"), "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen([*command, "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as line:
            display = line.readline().strip()
        yield f":{display}"
        server.terminate()


def start_webkit(display: str, home: Path, proxy_port: int, *arguments: str) -> WebKitGTK:
    """Start WebKitGTK's MiniBrowser, which has neither a flag nor a setting for names but obeys a proxy."""
    driver = need("WebKitWebDriver")
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)
    browser = browser or missing("MiniBrowser is not installed")
    options = WebKitGTKOptions()
    options.binary_location = str(browser)
    for argument in ("--automation", f"--proxy=socks5://127.0.0.1:{proxy_port}", *arguments):
        options.add_argument(argument)
    options.set_capability("acceptInsecureCerts", True)
    own = {"DISPLAY": display, "HOME": str(home), "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "1"}
    with warnings.catch_warnings():  # Selenium's class for WebKitGTK calls what Selenium has deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        return WebKitGTK(options=options, service=WebKitGTKService(driver, env={**os.environ, **own}))
