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

    @property
    def cookie_name(self) -> str:
        return "__Host-refresh_token" if "__Host-" in self.cookie else "refresh_token"

    def __str__(self) -> str:
        return f"{self.page} with {self.api}, {self.cookie}"


APP, API, OTHER = "https://app.example.com", "https://api.example.com", "https://app.example.org"
LOCAL_APP, LOCAL_API = "http://localhost:5173", "http://localhost:5000"
FOR_OTHER_SITES = {"JWT_COOKIE_SAMESITE": "None"}

SAME_SITE = Place(page=APP, api=API, cookie="__Host-, Lax", stays=ALL)
PLACES = (
    Place(page=APP, api=APP, cookie="__Host-, Lax", stays=ALL),
    SAME_SITE,
    Place(page=LOCAL_APP, api=LOCAL_API, cookie="Lax", stays=ALL),
    Place(
        page=LOCAL_APP,
        api=LOCAL_API,
        cookie="__Host-, Lax",
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
        cookie="__Host-, Lax",
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
        cookie="__Host-, Lax",
        stays=NOWHERE,
        said="cookie_not_sent_across_sites",
    ),
    Place(
        page=OTHER,
        api=API,
        cookie="__Host-, None",
        settings=FOR_OTHER_SITES,
        partitioned=False,
        stays=frozenset({CHROMIUM, FIREFOX}),
        said="third_party_cookie_blocked",
    ),
    Place(
        page=OTHER,
        api=API,
        cookie="__Host-, None, Partitioned",
        settings=FOR_OTHER_SITES,
        stays=frozenset({CHROMIUM, CHROMIUM_BLOCKING, FIREFOX, FIREFOX_OPT_IN}),
        said="third_party_cookie_blocked",
    ),
)

_TABLE = re.compile(r"^\| page \| API \|.*?\n\n", re.MULTILINE | re.DOTALL)


def table() -> str:
    """Return the table in Markdown."""
    rows = [["page", "API", "cookie", *BROWSERS, "said"], ["---"] * (4 + len(BROWSERS))]
    for place in PLACES:
        seen = ["yes" if browser in place.stays else "**no**" for browser in BROWSERS]
        cookie, said = place.cookie.replace("__Host-", "`__Host-`"), f"`{place.said}`" if place.said else ""
        rows.append([f"`{place.page}`", f"`{place.api}`", cookie, *seen, said])
    return "".join(f"| {' | '.join(row).rstrip()} |\n" for row in rows)


def with_table(page: str) -> str:
    """Return the text of a page with today's table in it."""
    return _TABLE.sub(lambda _: f"{table()}\n", page)


if __name__ == "__main__":
    DOCS.write_text(with_table(DOCS.read_text()))
