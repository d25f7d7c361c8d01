"""The example of passkeys: added, used instead of a password, and refused once they are removed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import PASSWORD
from flask import Flask
from passkey_app.app import create_app
from playwright.sync_api import BrowserContext, Page, expect

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def circle(tmp_path: Path) -> Flask:
    database = f"sqlite:///{tmp_path / 'passkeys.db'}"
    return create_app({"SQLALCHEMY_DATABASE_URI": database, "SECRET_KEY": "only for tests"})


@pytest.fixture
def passkeys(circle: Flask, serve: Callable[..., str]) -> str:
    circle.config["SITE"] = serve(circle, host="localhost")
    return str(circle.config["SITE"])


@pytest.fixture
def tab(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """Return a tab of a device that has passkeys."""
    tab = new_context().new_page()
    device = tab.context.new_cdp_session(tab)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return tab


def add_passkey(tab: Page, site: str) -> None:
    tab.goto(f"{site}/register")
    tab.get_by_label("User name").fill("alice")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_label("Password").press("Enter")
    tab.get_by_role("button", name="Add a passkey").click()
    expect(tab.get_by_role("button", name="Remove")).to_have_count(1)


def sign_out(tab: Page) -> None:
    tab.get_by_role("button", name="Sign out", exact=True).click()
    expect(tab.get_by_text("You are signed out.")).to_be_visible()


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_a_passkey_signs_in_until_it_is_removed(tab: Page, passkeys: str) -> None:
    add_passkey(tab, passkeys)
    sign_out(tab)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("heading", name="Your account")).to_be_visible()
    tab.get_by_role("button", name="Remove").click()
    expect(tab.get_by_role("button", name="Remove")).to_have_count(0)
    sign_out(tab)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_text("That did not work (401).")).to_be_visible()


def test_where_there_are_no_passkeys_or_no_script_no_button_asks_for_one(
    passkeys: str, new_context: Callable[..., BrowserContext]
) -> None:
    for context in (new_context(), new_context(java_script_enabled=False)):
        tab = context.new_page()
        tab.add_init_script("delete window.PublicKeyCredential")
        tab.goto(f"{passkeys}/login")
        expect(tab.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        expect(tab.get_by_text("Sign in with a passkey")).to_be_hidden()


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_an_answer_of_another_challenge_or_origin_signs_nobody_in(tab: Page, passkeys: str, circle: Flask) -> None:
    add_passkey(tab, passkeys)
    sign_out(tab)
    answers: list[str] = []
    tab.on("request", lambda sent: answers.append(sent.post_data or "") if sent.url.endswith("/sign-in") else None)
    circle.config["SITE"] = f"{passkeys}0"
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_text("That did not work (401).")).to_be_visible()
    circle.config["SITE"] = passkeys
    again = circle.test_client()
    again.post("/passkeys/challenge", base_url=passkeys)
    assert (
        again.post("/passkeys/sign-in", base_url=passkeys, data=answers[0], content_type="application/json").status_code
        == 401
    )
