"""What tests of the pages in browsers share: a site, a tab in which nothing may fail, and ways through the forms."""

from collections.abc import Callable, Iterator

import pytest
from conftest import PASSWORD
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

NewContext = Callable[..., BrowserContext]


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
