"""The pages for everybody: no violation of axe's rules, whatever the scheme, the width or the language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PASSWORD, Clock
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from .looking import violations

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Mobile/15E148 Safari/604.1"
)
NARROW, WIDE = 320, 1280
ARABIC = 'msgid "Sign in"\nmsgstr "تسجيل الدخول"\n\nmsgid "Sign out"\nmsgstr "تسجيل الخروج"\n'
LOOKS = {
    "light and wide": {"color_scheme": "light", "viewport": {"width": WIDE, "height": 800}},
    "dark and narrow, in German": {
        "color_scheme": "dark",
        "viewport": {"width": NARROW, "height": 640},
        "locale": "de-DE",
    },
    "light and narrow, in French, without motion": {
        "color_scheme": "light",
        "viewport": {"width": NARROW, "height": 640},
        "locale": "fr-FR",
        "reduced_motion": "reduce",
    },
    "dark, in Chinese": {"color_scheme": "dark", "viewport": {"width": WIDE, "height": 800}, "locale": "zh-CN"},
    "light, zoomed to 200 %, in Japanese": {
        "color_scheme": "light",
        "viewport": {"width": WIDE // 2, "height": 400},
        "device_scale_factor": 2,
        "locale": "ja-JP",
    },
    "dark and narrow, in Arabic from the right": {
        "color_scheme": "dark",
        "viewport": {"width": NARROW, "height": 640},
        "locale": "ar-EG",
    },
    "light, in forced colours, in Spanish": {
        "color_scheme": "light",
        "viewport": {"width": WIDE // 2, "height": 800},
        "forced_colors": "active",
        "locale": "es-ES",
    },
}
LOOKED_AT = [*(("chromium", look) for look in LOOKS), ("firefox", "light and wide")]
"""Browsers differ in what they lay out, not in what axe reads. Playwright shows no dark scheme to Firefox."""


@pytest.fixture
def site(make_app: Callable[..., Flask], tmp_path: Path, serve: Callable[..., str]) -> str:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "ar.po").write_text(ARABIC)
    app = make_app(RENEWAL_TRANSLATIONS=str(tmp_path / "words"))
    client = app.test_client()
    client.post(
        "/auth/register", json={"username": "alice", "password": PASSWORD, "device": "A laptop with " + "a" * 80}
    )
    for agent in (IPHONE, "x" * 256):
        client = app.test_client()
        client.post("/login", data={"username": "alice", "password": PASSWORD}, headers={"User-Agent": agent})
    return serve(app)


def log_in(page: Page, site: str, password: str = PASSWORD) -> None:
    page.goto(f"{site}/login")
    page.locator("#username").fill("alice")
    page.locator("#password").fill(password)
    page.locator("button.renewal-primary").click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("browser", "look"), LOOKED_AT, indirect=["browser"])
def test_no_page_breaks_a_rule_of_accessibility_or_leaves_the_window(
    new_context: Callable[..., BrowserContext], site: str, axe: str, clock: Clock, look: str
) -> None:
    page, found = new_context(**LOOKS[look]).new_page(), []
    page.goto(f"{site}/login?next=/somewhere")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == ("dark" in look)
    assert page.evaluate("document.documentElement.lang.slice(0, 2)") == LOOKS[look].get("locale", "en")[:2]
    assert page.evaluate("document.documentElement.dir") == ("rtl" if "from the right" in look else "ltr")
    found += violations(page, axe)
    log_in(page, site, "a wrong password")
    found += violations(page, axe)
    page.goto(f"{site}/register")
    found += violations(page, axe)
    page.goto(f"{site}/nothing")
    found += violations(page, axe)
    log_in(page, site)
    page.locator("summary").first.click()
    found += violations(page, axe)
    clock.tick(minutes=11)
    page.locator("button.renewal-danger").first.click()
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    found += violations(page, axe)
    assert not found
