"""Looking at a page as those do who cannot see it, or not well."""

from typing import Any

from playwright.sync_api import Page

from .tabs import Tab

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_LOOK = """
const { violations, passes } = await axe.run({ runOnly: argument });
const wrong = violations.map(({ id, nodes }) => [location.href, id, nodes.map(({ html }) => html)]);
const { scrollWidth, clientWidth } = document.documentElement;
if (scrollWidth > clientWidth) wrong.push([location.href, "wider than the window by", scrollWidth - clientWidth]);
return { wrong, passed: passes.length };
"""


def violations(page: Page, axe: str) -> list[Any]:
    """Return what axe finds wrong with a page, or how far it is wider than the window."""
    page.evaluate(axe)
    return _wrong(page.evaluate(f"async (argument) => {{{_LOOK}}}", RULES))


def violations_in(tab: Tab, axe: str) -> list[Any]:
    """Return the same of a tab of any engine."""
    return _wrong(tab.run(f"{axe}\n{_LOOK}", RULES))


def _wrong(found: dict[str, Any]) -> list[Any]:
    assert found["passed"] > 10
    wrong: list[Any] = found["wrong"]
    return wrong
