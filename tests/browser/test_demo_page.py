"""The demo's page, as somebody plays with it: what happens to both clients is told, and seen, on every screen."""

from collections.abc import Callable, Iterator

import pytest
from patience import PATIENCE_MS
from playwright.sync_api import Browser, BrowserContext, Page, expect

from flask_renewal.standalone.demo.serving import Demo

from .looking import violations

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LOOKS = [{"viewport": WIDE, "color_scheme": "light"}, {"viewport": PHONE, "color_scheme": "dark"}]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("demo"), quiet_window=0.5) as running:
        yield running


@pytest.fixture
def play(demo: Demo, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page, signs in and plays tricks, each to its end."""
    contexts: list[BrowserContext] = []

    def to_the_end(*tricks: str, **options: object) -> Page:
        contexts.append(chromium.new_context(reduced_motion="reduce", **options))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        page = contexts[-1].new_page()
        page.goto(demo.app_url)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator("#lab")).to_be_visible()
        for trick in tricks:
            page.locator(f"[data-trick={trick}]").click()
            expect(page.locator(f"[data-trick={trick}] .result")).to_be_visible(timeout=PATIENCE_MS)
        return page

    yield to_the_end
    for context in contexts:
        context.close()


def expect_state(page: Page, **states: str) -> None:
    for client, state in states.items():
        expect(page.locator(f"#{client}")).to_have_attribute("data-state", state)


@pytest.mark.parametrize("look", LOOKS)
def test_a_lost_answer_throws_the_usual_client_out_before_your_eyes(
    play: Callable[..., Page], axe: str, look: dict[str, object]
) -> None:
    page = play("lose", **look)
    expect_state(page, ours="in", usual="ended")
    expect(page.locator("#verdict-usual")).to_have_text("The usual clientthrown out, for nothing that it did")
    for seen in ("#ours .ring", "#usual .ring", "#story-title", "#verdict"):
        expect(page.locator(seen)).to_be_in_viewport(ratio=1)
    assert violations(page, axe) == []


def test_ten_requests_cost_our_client_one_renewal(play: Callable[..., Page]) -> None:
    page = play("ten", viewport=WIDE)
    expect_state(page, ours="in")
    told = "Ten 401s, one renewal for all, each sent once more: 10 of 10 answered."
    expect(page.locator("#steps .ours")).to_have_text(told)


def test_whoever_is_signed_out_by_a_phone_still_reads_why(play: Callable[..., Page]) -> None:
    page = play("phone", viewport=PHONE)
    expect_state(page, ours="ended")
    expect(page.locator("#verdict-ours")).to_be_in_viewport()
    page.get_by_role("button", name="Sign in again").click()
    expect_state(page, ours="in", usual="in")


def test_a_second_tab_takes_nobody_of_ours_out(play: Callable[..., Page]) -> None:
    page = play(viewport=WIDE)
    with page.expect_popup() as opened:
        page.locator("[data-trick=tab]").click()
    for tab in (page, opened.value):
        expect(tab.locator("#verdict-ours")).to_have_text("Flask-Renewalstill signed in", timeout=PATIENCE_MS)


def test_the_code_of_both_is_shown_and_the_keyboard_goes_there_and_back(play: Callable[..., Page]) -> None:
    page = play(viewport=WIDE)
    for client, code in (("ours", "createSession({ baseUrl: api })"), ("usual", "response.status !== 401")):
        button = page.locator(f"#{client}").get_by_role("button", name="Show the code")
        button.press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text(code)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(button).to_be_focused()
    page.locator("[data-trick=one]").press("Enter")
    expect(page.locator("[data-trick=one] .result")).to_be_visible()
    expect(page.locator("[data-trick=one]")).to_be_focused()
