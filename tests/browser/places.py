"""Where a page and its API are, which cookie the API sets, and in which browsers a session then outlives a reload.

Tests visit every place with every browser. The documentation shows the same table; ``python tests/browser/places.py``
writes it there anew.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs" / "browser.md"

CHROMIUM, CHROMIUM_BLOCKING = "Chromium", "Chromium, blocking"
FIREFOX, FIREFOX_OPT_IN, FIREFOX_BLOCKING = "Firefox", "Firefox, opt-in", "Firefox, blocking"
WEBKIT, WEBKIT_ITP = "WebKit", "WebKit, ITP"
BROWSERS = (CHROMIUM, CHROMIUM_BLOCKING, FIREFOX, FIREFOX_OPT_IN, FIREFOX_BLOCKING, WEBKIT, WEBKIT_ITP)
ALL = frozenset(BROWSERS)
NOWHERE = frozenset[str]()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page, an API, and the cookie between them."""

    page: str
    api: str
    """Equal ones are one origin, behind a reverse proxy. Ports stand for any."""
    cookie: str
    settings: dict[str, Any] = field(default_factory=dict)
    partitioned: bool = True
    """Whether a cookie for other sites is; that it is not takes another server than ours."""
    stays: frozenset[str]
    """The browsers in which the session outlives a reload."""
    said: str = ""
    """The code under which `flask renewal check` names the browsers in which it does not, as they come, or a danger."""

    def __str__(self) -> str:
        return f"{self.page} with {self.api}, {self.cookie}"


APP, API, OTHER = "https://app.example.com", "https://api.example.com", "https://app.example.org"
LOCAL_APP, LOCAL_API = "http://localhost:5173", "http://localhost:5000"
FOR_OTHER_SITES = {"JWT_COOKIE_SAMESITE": "None"}

SAME_SITE = Place(page=APP, api=API, cookie="__Host-Http-, Lax", stays=ALL)
PLACES = (
    Place(page=APP, api=APP, cookie="__Host-Http-, Lax", stays=ALL),
    SAME_SITE,
    Place(page=LOCAL_APP, api=LOCAL_API, cookie="Lax", stays=ALL),
    Place(
        page=LOCAL_APP,
        api=LOCAL_API,
        cookie="__Host-Http-, Lax",
        settings={"JWT_COOKIE_SECURE": True},
        stays=ALL - {WEBKIT, WEBKIT_ITP},
        said="secure_cookie_on_loopback",
    ),
    Place(
        page=LOCAL_APP,
        api="http://127.0.0.1:5000",
        cookie="Lax",
        stays=NOWHERE,
        said="two_loopback_names",
    ),
    Place(
        page="http://app.example.com",
        api="http://api.example.com",
        cookie="__Host-Http-, Lax",
        stays=NOWHERE,
        said="secure_cookie_over_http",
    ),
    Place(
        page="http://app.example.com",
        api="http://api.example.com",
        cookie="Lax",
        settings={"JWT_COOKIE_SECURE": False},
        stays=ALL,
        said="cookie_not_secure",
    ),
    Place(
        page=OTHER,
        api=API,
        cookie="__Host-Http-, Lax",
        stays=NOWHERE,
        said="cookie_not_sent_across_sites",
    ),
    Place(
        page=OTHER,
        api=API,
        cookie="__Host-Http-, None",
        settings=FOR_OTHER_SITES,
        partitioned=False,
        stays=frozenset({CHROMIUM, FIREFOX}),
        said="third_party_cookie_blocked",
    ),
    Place(
        page=OTHER,
        api=API,
        cookie="__Host-Http-, None, Partitioned",
        settings=FOR_OTHER_SITES,
        stays=frozenset({CHROMIUM, CHROMIUM_BLOCKING, FIREFOX, FIREFOX_OPT_IN}),
        said="third_party_cookie_blocked",
    ),
)

_TABLE = re.compile(r"^\|  \| page → API \|.*?\n\n", re.MULTILINE | re.DOTALL)


def table() -> str:
    """Return the table in Markdown: a column for each browser, with what its settings change."""
    rows = ["|  | page → API | cookie | Chromium | Firefox | WebKit |", "| --- " * 6 + "|"]
    for number, place in enumerate(PLACES, 1):
        where, cookie = f"`{place.page}` → `{place.api}`", place.cookie.replace("__Host-Http-", "`__Host-Http-`")
        seen = " | ".join(_seen(place, browser) for browser in (CHROMIUM, FIREFOX, WEBKIT))
        rows.append(f"| {number} | {where} | {cookie} | {seen} |")
    return "".join(f"{row}\n" for row in rows)


def _seen(place: Place, browser: str) -> str:
    """Say whether the session stays in a browser as it comes, and in which settings it does not do the same."""
    words = {True: "yes", False: "**no**"}
    stays = browser in place.stays
    others = [
        each.partition(", ")[2] for each in BROWSERS if each.startswith(browser) and (each in place.stays) != stays
    ]
    return "; ".join([words[stays], *(f"*{setting}*: {words[not stays]}" for setting in others)])


def sayings() -> str:
    """Return what `flask renewal check` says, and of which rows of the table."""
    rows: dict[str, list[str]] = {}
    for number, place in enumerate(PLACES, 1):
        if place.said:
            rows.setdefault(place.said, []).append(str(number))
    return ", ".join(f"`{code}` ({', '.join(numbers)})" for code, numbers in rows.items())


def with_table(page: str) -> str:
    """Return the text of a page with today's table in it."""
    return _TABLE.sub(lambda _: f"{table()}\n", page)


if __name__ == "__main__":
    DOCS.write_text(with_table(DOCS.read_text()))
