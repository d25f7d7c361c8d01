"""What a person would call the browser that a User-Agent header names."""

import pytest

from flask_renewal.entrances.pages.useragents import Browser, recognised

LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("header", "name", "system", "is_handheld"),
    [
        (f"{LINUX} {CHROME} Safari/537.36", "Chrome", "Linux", False),
        (f"{LINUX} {CHROME.replace('Chrome', 'HeadlessChrome')} Safari/537.36", "Chrome", "Linux", False),
        (f"{ANDROID} {CHROME} Mobile Safari/537.36", "Chrome", "Android", True),
        (f"{ANDROID} {CHROME} Mobile Safari/537.36 EdgA/140.0.0.0", "Edge", "Android", True),
        (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "Safari", "iOS", True),
        (f"{IPHONE} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", "Chrome", "iOS", True),
        (f"{IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iOS", True),
        (f"{MAC} Version/18.1 Safari/605.1.15", "Safari", "macOS", False),
    ],
)
def test_a_browser_has_the_name_that_people_use(header: str, name: str, system: str, is_handheld: bool) -> None:
    browser = recognised(header)
    assert (browser.name, browser.system, browser.is_handheld) == (name, system, is_handheld)


@pytest.mark.parametrize("header", [None, "", "unheard of"])
def test_what_a_header_does_not_tell_nobody_makes_up(header: str | None) -> None:
    assert recognised(header) == Browser(name=None, system=None)
