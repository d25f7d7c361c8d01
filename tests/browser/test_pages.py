"""The pages as people meet them: typing, clicking, two tabs, the back button."""

from collections.abc import Callable, Iterator

import pytest
from conftest import PASSWORD, Clock
from cookie_names import TOKENS, called, without_port
from flask import Flask
from jinja2 import DictLoader
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import generate_adhoc_ssl_context

from .tabs import jar

NewContext = Callable[..., BrowserContext]
NEW = "another horse, another battery"


@pytest.fixture
def site(app: Flask, serve: Callable[..., str]) -> str:
    app.test_client().post("/auth/register", json={"username": "alice", "password": PASSWORD, "device": "Old laptop"})
    return serve(app)


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Return a tab in which nothing may be refused by the page's own policy, or fail."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert not [text for text in complaints if "status of 4" not in text]


def sign_in(page: Page, site: str, password: str = PASSWORD) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def expect_account(page: Page) -> None:
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def expect_sign_in(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("alice")).to_have_count(0)


def tokens(context: BrowserContext) -> dict[str, str]:
    held = {without_port(name): value for name, value in jar(context).items()}
    return {name: value for name, value in held.items() if name in TOKENS}


def test_signing_in_takes_a_keyboard_and_nothing_else(page: Page, site: str) -> None:
    page.goto(f"{site}/account")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show Password")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Keep me signed in")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_account(page)


def test_a_wrong_password_takes_the_focus_back_and_says_why(page: Page, site: str) -> None:
    sign_in(page, site, "a wrong password")
    field = page.get_by_label("Password")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("The user name or the password is wrong.")
    expect(field).to_have_value("")
    expect(page.get_by_label("User name")).to_have_value("alice")


def test_no_script_of_a_page_reads_the_tokens(page: Page, site: str, context: BrowserContext) -> None:
    sign_in(page, site)
    expect_account(page)
    assert set(tokens(context)) == TOKENS
    assert all(cookie["httpOnly"] for cookie in context.cookies())
    assert page.evaluate("document.cookie") == ""


def test_an_expired_visitor_notices_nothing(page: Page, site: str, context: BrowserContext, clock: Clock) -> None:
    sign_in(page, site)
    expect_account(page)
    before = tokens(context)
    clock.tick(minutes=16)
    page.reload()
    expect_account(page)
    assert all(tokens(context)[name] != before[name] for name in TOKENS)


def test_two_expired_tabs_are_renewed_at_once(page: Page, site: str, context: BrowserContext, clock: Clock) -> None:
    sign_in(page, site)
    expect_account(page)
    tabs = [page, context.new_page(), context.new_page()]
    for hours in (1, 2):
        clock.tick(hours=hours)
        for tab in tabs:
            tab.evaluate("address => { location.href = address }", f"{site}/account")
        for tab in tabs:
            expect_account(tab)


def test_signing_out_in_one_tab_is_seen_by_the_next_click_in_the_other(
    page: Page, site: str, context: BrowserContext
) -> None:
    sign_in(page, site)
    other = context.new_page()
    other.goto(f"{site}/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    other.get_by_role("button", name="Sign out Old laptop").click()
    expect_sign_in(other)
    assert not tokens(context)


def test_the_back_button_shows_nothing_private_after_signing_out(page: Page, site: str) -> None:
    sign_in(page, site)
    expect_account(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    expect_sign_in(page)


def test_devices_are_named_and_signed_out_with_the_password_if_need_be(page: Page, site: str, clock: Clock) -> None:
    sign_in(page, site)
    device = page.get_by_role("listitem").filter(has_text="Old laptop")
    device.locator("summary").click()
    device.get_by_label("Name of this device").fill("Grandmother's laptop")
    device.get_by_role("button", name="Save").click()
    expect(page.locator("summary").get_by_text("Grandmother's laptop")).to_be_visible()
    clock.tick(minutes=16)
    page.get_by_role("button", name="Sign out Grandmother's laptop").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign out Grandmother's laptop").click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(1)


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


def test_everything_works_without_scripts(new_context: NewContext, site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/register")
    page.locator("#username").fill("bob")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Show Password").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.locator("#password").press("Enter")
    page.locator("#current_password").fill(PASSWORD)
    page.locator("#new_password").fill(NEW)
    page.locator("button.renewal-primary").click()
    expect(page.get_by_role("status")).to_have_text("Your password is changed.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")


def test_a_form_on_another_site_signs_nobody_in(page: Page, site: str, serve: Callable[..., str]) -> None:
    evil = Flask("evil")
    form = f'<form method="post" action="{site}/login"><input name="username" value="alice">'
    evil.add_url_rule(
        "/", "form", lambda: f'{form}<input name="password" value="{PASSWORD}"><button>Win</button></form>'
    )
    page.goto(serve(evil, host="localhost"))
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Not from here")).to_be_visible()
    page.goto(f"{site}/account")
    expect_sign_in(page)


def test_without_remember_me_the_cookies_are_the_browsers_own(page: Page, site: str, context: BrowserContext) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Keep me signed in").uncheck()
    page.get_by_role("button", name="Sign in").click()
    expect_account(page)
    assert [cookie["expires"] for cookie in context.cookies()] == [-1, -1]


def test_a_page_loads_nothing_from_elsewhere(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, site)
    expect_account(page)
    assert {address.partition("?")[0].removeprefix(site) for address in asked} <= {
        "/login",
        "/account",
        "/renewal/pages.css",
        "/renewal/pages.js",
        "/renewal/icon.svg",
    }


def test_over_https_browsers_keep_the_cookies_that_are_bound_to_the_host(
    new_context: NewContext, app: Flask, site: str, serve: Callable[..., str], clock: Clock
) -> None:
    context = new_context(ignore_https_errors=True)
    page, secure = context.new_page(), serve(app, host="app.example.com", tls=generate_adhoc_ssl_context())
    sign_in(page, secure)
    expect_account(page)
    assert set(jar(context)) == {called(name, secure) for name in TOKENS}
    clock.tick(minutes=16)
    page.reload()
    expect_account(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert not jar(context)
