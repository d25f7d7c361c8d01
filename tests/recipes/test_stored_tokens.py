"""Stored refresh tokens with a time to live: sliding on use, or fixed from login; they clean up after themselves."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from servers import Server

from .tabs import Tab

LIFE = 8
"""Seconds that a refresh token lives."""

SHORT = {"JWT_ACCESS_TOKEN_EXPIRES": 2, "JWT_REFRESH_TOKEN_EXPIRES": LIFE, "RENEWAL_QUIET_WINDOW": 0}

SignInTwice = Callable[[Server], list[Tab]]


@pytest.fixture(scope="module")
def sliding(serve: Callable[..., Server]) -> Server:
    return serve("stored-tokens", **SHORT, RENEWAL_SLIDING=True)


@pytest.fixture(scope="module")
def early(sliding: Server) -> tuple[set[str], float]:
    """Sessions that nobody uses, and when they will all be over, by the monotonic clock."""
    for number in range(6):
        sliding.register(f"early-{number}")
    return stored(sliding), time.monotonic() + LIFE


@pytest.fixture(scope="module")
def fixed(serve: Callable[..., Server]) -> Server:
    return serve("stored-tokens", **SHORT, RENEWAL_SLIDING=False)


@pytest.fixture
def sign_in_twice(visit: Callable[..., Tab]) -> SignInTwice:
    """Return a function that signs in to the classic app and to the one on the client: they wait together."""

    def sign_in(server: Server) -> list[Tab]:
        server.register("alice")
        tabs = [visit(f"stored-tokens/{variant}", server) for variant in ("classic", "client")]
        for tab in tabs:
            tab.sign_in("alice")
            tab.sees("Signed in")
        return tabs

    return sign_in


def end(tab: Tab) -> str:
    """Ask the app when its session ends."""
    tab.click("How long?")
    return tab.says()


@pytest.mark.alone
@pytest.mark.usefixtures("early")
def test_sliding_use_pushes_the_end_forward_and_disuse_ends_it(sign_in_twice: SignInTwice, sliding: Server) -> None:
    tabs = sign_in_twice(sliding)
    first = [end(tab) for tab in tabs]
    for _ in range(2):  # longer, in all, than a token lives
        tabs[0].wait(LIFE * 0.6)
        assert all(end(tab) > before for tab, before in zip(tabs, first, strict=True))
    for tab in tabs:
        tab.leave()
    tabs[0].wait(LIFE)
    for tab in tabs:
        tab.open()
        tab.asks_to_sign_in()


@pytest.mark.alone
def test_fixed_the_end_stays_where_login_put_it_however_busy(sign_in_twice: SignInTwice, fixed: Server) -> None:
    tabs = sign_in_twice(fixed)
    first, started = [end(tab) for tab in tabs], time.monotonic()
    tabs[0].wait(LIFE * 0.4)
    assert [end(tab) for tab in tabs] == first
    tabs[0].wait(started + LIFE - time.monotonic())
    tabs[0].click("How long?")  # the client notices by itself
    for tab in tabs:
        tab.asks_to_sign_in()
        assert tab.statuses(refreshing=True)[-1] == 401


def test_expired_sessions_are_cleaned_up_by_later_logins_and_by_a_command(
    early: tuple[set[str], float], sliding: Server
) -> None:
    sessions, over = early
    time.sleep(max(0, over - time.monotonic()))
    for number in range(60):
        sliding.register(f"late-{number}")
        if not sessions <= stored(sliding):
            break
    assert len(sessions & stored(sliding)) < len(sessions) == 6
    purge = [sys.executable, "-m", "flask", "--app", "wsgi", "sessions", "purge"]
    subprocess.run(purge, cwd=folder_of(sliding), check=True, capture_output=True)
    assert not sessions & stored(sliding)


def stored(server: Server) -> set[str]:
    [file] = (folder_of(server) / "instance").glob("*.db")
    with closing(sqlite3.connect(file)) as database:
        return {row[0] for row in database.execute("SELECT id FROM renewal_session")}


def folder_of(server: Server) -> Path:
    return Path(server.log).parent
