"""What the pages gain by their script, and what they leave alone in a frame of the site's."""

from collections.abc import Callable

from conftest import PASSWORD
from flask import Flask
from jinja2 import DictLoader
from playwright.sync_api import Page, expect

from .pages_kit import NewContext, expect_account


def test_a_password_is_shown_and_goes_as_a_password(page: Page, site: str) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Show Password").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide Password").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show Password").click()
    assert page.url == f"{site}/login"
    page.evaluate("addEventListener('submit', () => (window.name = document.querySelector('#password').type))")
    page.get_by_label("Password").press("Enter")
    expect_account(page)
    assert page.evaluate("window.name") == "password"


def test_caps_lock_is_told_while_a_password_is_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/login")
    press = """on => document.querySelector("#password").dispatchEvent(
        new KeyboardEvent("keydown", { key: "A", modifierCapsLock: on }))"""
    hint = page.locator(".renewal-caps")
    page.evaluate(press, True)
    expect(hint).to_have_text("Caps Lock is on.")
    page.evaluate(press, False)
    expect(hint).to_have_text("")


def test_times_are_those_of_the_readers_clock(new_context: NewContext, site: str) -> None:
    there = new_context(timezone_id="Asia/Kolkata", locale="de-DE").new_page()
    there.goto(f"{site}/login")
    there.locator("#username").fill("alice")
    there.locator("#password").fill(PASSWORD)
    there.locator("button.renewal-primary").click()
    there.locator("summary").first.click()
    signed_in = there.locator("dd time").first
    expect(signed_in).to_have_text("01.01.2026, 17:30")
    expect(signed_in).to_have_attribute("datetime", "2026-01-01T12:00:00Z")


def test_a_page_in_a_frame_of_the_sites_touches_nothing_of_it(
    page: Page, app: Flask, serve: Callable[..., str]
) -> None:
    styles = "h1, p, button, .card { color: rgb(1, 2, 3); margin: 7px; font-size: 33px; padding: 0; border: 0 }"
    policy = "default-src 'self'; style-src 'self' 'unsafe-inline'"
    app.jinja_loader = DictLoader(
        {
            "renewal/base.html": f"<!doctype html><style>@layer theirs {{ {styles} }}</style><h1>Ours</h1>"
            "<p class=card>Text</p><button>Buy</button>{% block main %}{% endblock %}"
        }
    )
    app.after_request(lambda answer: (answer.headers.update({"Content-Security-Policy": policy}), answer)[1])
    site = serve(app)
    page.goto(f"{site}/register")
    theirs = """["h1", "p", "button"].map(name => getComputedStyle(document.querySelector("body > " + name)))
        .map(style => [style.color, style.margin, style.fontSize].join())"""
    assert set(page.evaluate(theirs)) == {"rgb(1, 2, 3),7px,33px"}
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    icon = page.locator(".renewal-shape").first.bounding_box()
    assert icon is not None
    assert icon["width"] == 22
    page.get_by_role("button", name="Show Current password").click()
    expect(page.locator("#current_password")).to_have_attribute("type", "text")
