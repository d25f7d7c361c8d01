"""Libraries that people use already, each with the refresh that its own documentation shows."""

from collections.abc import Callable

import pytest
from servers import Server

from .passing import MOVED, let_pass
from .tabs import Tab

LIFE = 600
"""Seconds that an access token lives; nobody waits for them, the server's clock is moved."""

LIBRARIES = ("axios-auth-refresh", "ky", "ofetch")


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("libraries", **MOVED, JWT_ACCESS_TOKEN_EXPIRES=LIFE)
    server.register("alice")
    return server


@pytest.fixture(scope="module")
def aged(visit_early: Callable[..., Tab], server: Server) -> dict[str, Tab]:
    """A tab for each library, whose access token is dead."""
    tabs = {library: visit_early(f"libraries/{library}", server) for library in LIBRARIES}
    for tab in tabs.values():
        tab.sign_in("alice")
        tab.sees("Signed in")
        tab.seen.clear()
    let_pass(server, LIFE)
    return tabs


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_refreshes_as_documented_against_the_server_as_it_is(aged: dict[str, Tab], library: str) -> None:
    tab = aged[library]
    tab.click("Ask three things")
    assert tab.says() == "3 answers for alice"
    refreshes = tab.statuses(refreshing=True)
    assert set(refreshes) == {200}
    assert len(refreshes) <= 3  # not one: they know of no 401 that arrives after the refresh; the server tolerates it
