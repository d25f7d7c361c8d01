"""The pages as people meet them: typing, clicking, two tabs, the back button."""

from collections.abc import Callable

from conftest import PASSWORD, Clock
from cookie_names import TOKENS, called, without_port
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import generate_adhoc_ssl_context

from .pages_kit import NewContext, expect_account, expect_sign_in, sign_in
from .tabs import jar

NEW = "another horse, another battery"


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
