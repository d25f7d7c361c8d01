"""A tab of a real browser, and what it asked the API."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from patience import PATIENCE, PATIENCE_MS
from servers import PASSWORD

from .sites import Site


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One answer of the API."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    authorization: str | None


class Tab:
    """A page of an app; it finds things by the names that people read."""

    def __init__(self, context: Any, site: Site, path: str, *, api: str) -> None:
        context.set_default_timeout(PATIENCE_MS)
        self.context = context
        self.page = context.new_page()
        self.seen: list[Seen] = []
        self._site = site
        self._path = path
        self._api = api
        self.page.on("response", self._note)

    def _note(self, response: Any) -> None:
        path = urlsplit(response.url).path
        request = response.request
        if path.startswith("/auth/") and request.method != "OPTIONS":
            authorization = request.headers.get("authorization")
            seen = Seen(
                method=request.method,
                path=path,
                status=response.status,
                headers=response.headers,
                authorization=authorization,
            )
            self.seen.append(seen)

    def open(self) -> None:
        self._site.api = self._api
        self.page.goto(f"{self._site.origin}/{self._path}.html")

    def reload(self) -> None:
        self._site.api = self._api
        self.page.reload()

    def leave(self) -> None:
        """Go elsewhere, so that nothing of the app runs."""
        self.page.goto("about:blank")

    def wait(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, words: str) -> None:
        """Wait until the page says so."""
        self.page.get_by_text(words).first.wait_for()

    def asks_to_sign_in(self) -> None:
        self.page.get_by_role("button", name="Sign in", exact=True).wait_for()

    def says(self) -> str:
        """Wait for the output to be there and say what it says."""
        self.page.locator("output").filter(has_text="…").wait_for(state="detached")
        return str(self.page.locator("output").inner_text())

    def is_told(self, path: str, status: int) -> None:
        """Wait for this answer of the API."""
        deadline = time.monotonic() + PATIENCE
        while not any((seen.path, seen.status) == (path, status) for seen in self.seen):
            assert time.monotonic() < deadline, f"no {status} from {path}: {self.seen}"
            self.wait(0.02)

    def sign_in(self, username: str, **more: str) -> None:
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        for label, value in more.items():
            self.page.get_by_label(label.replace("_", " ")).fill(value)
        self.click("Sign in")

    def stored(self, key: str) -> str | None:
        return self.page.evaluate("(key) => localStorage.getItem(key)", key)

    def store(self, key: str, value: str) -> None:
        self.page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])

    def statuses(self, *, refreshing: bool) -> list[int]:
        """Return the statuses of the refreshes, or of everything else, since `seen` was cleared."""
        return [seen.status for seen in self.seen if (seen.path == "/auth/refresh") is refreshing]
