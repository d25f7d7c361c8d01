"""Deployments, and browsers that visit them."""

from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from .versions import Deployed

NAVIGATES = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


class Visitor(Client):
    """A browser: one jar, whichever version it meets."""

    def visit(self, path: str) -> TestResponse:
        return self.get(path, headers=NAVIGATES, follow_redirects=True)

    def submit(self, path: str, **form: str) -> TestResponse:
        return self.post(path, data=form, headers=NAVIGATES, follow_redirects=True)

    def held(self) -> dict[str, str]:
        """Return the cookies in the jar."""
        return {cookie.key: cookie.value for cookie in self._cookies.values()}

    def last(self, name: str) -> bool:
        """Say whether a cookie outlives the browser."""
        cookie = next(cookie for cookie in self._cookies.values() if cookie.key == name)
        return cookie.max_age is not None or cookie.expires is not None


@pytest.fixture
def guest_book(tmp_path: Path) -> Deployed:
    """The Flask-Login application, with Ann."""
    deployed = Deployed("login", tmp_path / "guest_book")
    deployed.add(name="ann")
    return deployed


@pytest.fixture
def notes(tmp_path: Path) -> Deployed:
    """The Flask-JWT-Extended application, with Ann."""
    deployed = Deployed("jwt_extended", tmp_path / "notes")
    deployed.add(email="ann@example.com")
    return deployed
