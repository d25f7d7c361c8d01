"""Stored refresh tokens with a time to live: sliding on use, or fixed from login; they clean up after themselves."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import pytest
from servers import Server

from .passing import MOVED, folder_of, let_pass
from .tabs import Tab

LIFE = 600
"""Seconds that a refresh token lives; nobody waits for them, the clocks of server and page are moved."""

SHORT = {"JWT_ACCESS_TOKEN_EXPIRES": 60, "JWT_REFRESH_TOKEN_EXPIRES": LIFE, "RENEWAL_QUIET_WINDOW": 0}

SignInTwice = Callable[[Server], list[Tab]]


@pytest.fixture(scope="module")
def sliding(serve: Callable[..., Server]) -> Server:
    return serve("stored-tokens", **MOVED, **SHORT, RENEWAL_SLIDING=True)


@pytest.fixture(scope="module")
def fixed(serve: Callable[..., Server]) -> Server:
    return serve("stored-tokens", **MOVED, **SHORT, RENEWAL_SLIDING=False)


@pytest.fixture
def sign_in_twice(visit: Callable[..., Tab]) -> SignInTwice:
    """Return a function that signs in to the classic app and to the one on the client."""

    def sign_in(server: Server) -> list[Tab]:
        server.register("alice")
        tabs = [visit(f"stored-tokens/{variant}", server, timed=True) for variant in ("classic", "client")]
        for tab in tabs:
            tab.sign_in("alice")
            tab.sees("Signed in")
        return tabs

    return sign_in


def end(tab: Tab) -> str:
    """Ask the app when its session ends."""
    tab.click("How long?")
    return tab.says()


def test_sliding_use_pushes_the_end_forward_and_disuse_ends_it(sign_in_twice: SignInTwice, sliding: Server) -> None:
    tabs = sign_in_twice(sliding)
    first = [end(tab) for tab in tabs]
    for _ in range(2):  # longer, in all, than a token lives
        let_pass(sliding, LIFE * 0.6)
        assert all(end(tab) > before for tab, before in zip(tabs, first, strict=True))
    for tab in tabs:
        tab.leave()
    let_pass(sliding, LIFE)
    for tab in tabs:
        tab.open()
        tab.asks_to_sign_in()


def test_fixed_the_end_stays_where_login_put_it_however_busy(sign_in_twice: SignInTwice, fixed: Server) -> None:
    classic, client = tabs = sign_in_twice(fixed)
    first = [end(tab) for tab in tabs]
    let_pass(fixed, LIFE * 0.4)
    assert [end(tab) for tab in tabs] == first
    let_pass(fixed, LIFE * 0.6)
    classic.click("How long?")
    client.page.clock.fast_forward(LIFE * 1000)  # the client notices by itself
    for tab in tabs:
        tab.asks_to_sign_in()
        assert tab.statuses(refreshing=True)[-1] == 401


def test_expired_sessions_are_cleaned_up_by_later_logins_and_by_a_command(sliding: Server) -> None:
    for number in range(6):
        sliding.register(f"early-{number}")
    sessions = stored(sliding)
    let_pass(sliding, LIFE)
    for number in range(60):
        sliding.register(f"late-{number}")
        if not sessions <= stored(sliding):
            break
    assert len(sessions & stored(sliding)) < len(sessions)
    purge = [sys.executable, "-m", "flask", "--app", "host_app", "sessions", "purge"]
    subprocess.run(purge, cwd=folder_of(sliding), check=True, capture_output=True)
    assert not sessions & stored(sliding)


def stored(server: Server) -> set[str]:
    [file] = (folder_of(server) / "instance").glob("*.db")
    with closing(sqlite3.connect(file)) as database:
        return {row[0] for row in database.execute("SELECT id FROM renewal_session")}
