"""Looking at a page as those do who cannot see it, or not well."""

from typing import Any

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, axe: str) -> list[Any]:
    """Return what axe finds wrong with a page, or how far it is wider than the window."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    assert len(found["passes"]) > 10
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wrong = [(page.url, each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
    return wrong + ([(page.url, "wider than the window by", wider)] if wider > 0 else [])
