"""A real browser through the deployment and back: forms, redirects, and a jar that is Chromium's own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser.launching import start_chromium
from browser.serving import serving
from everything import need
from patience import PATIENCE_MS
from playwright.sync_api import sync_playwright

from .versions import PASSWORD, Deployed


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    need("chromium")
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        yield browser
        browser.close()


def fill(page: Any, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)


def go_through(chromium: Any, deployed: Deployed, work: Callable[[Any, str], None], **fields: str) -> None:
    """Sign in, work with each version in turn, and sign out for good."""
    with serving(deployed) as origin, chromium.new_context() as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{origin}/login")
        fill(page, **fields, password=PASSWORD)
        page.click("form:has([name=password]) button")
        for number, version in enumerate(("before", "after", "before", "after")):
            deployed.version = version
            page.goto(origin)
            work(page, f"Note {number}, {version}")
        page.click("text=Sign out")
        for version in ("after", "before"):
            deployed.version = version
            page.goto(f"{origin}/{'write' if 'name' in fields else ''}")
            assert page.url.partition("?")[0] == f"{origin}/login"


def test_nobody_notices_the_move_from_flask_login(chromium: Any, guest_book: Deployed) -> None:
    def write(page: Any, text: str) -> None:
        page.click("text=Write")
        fill(page, text=text)
        page.click("form:has([name=text]) button")
        page.wait_for_selector(f"article:has-text('{text}'):has-text('ann')")

    go_through(chromium, guest_book, write, name="ann")


def test_nobody_notices_the_move_from_flask_jwt_extended(chromium: Any, notes: Deployed) -> None:
    def keep(page: Any, text: str) -> None:
        fill(page, text=text)
        page.click("text=Keep")
        page.wait_for_selector(f"li:has-text('{text}')")

    go_through(chromium, notes, keep, email="ann@example.com")
