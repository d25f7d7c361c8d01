"""A React context around Axios: an AuthProvider, and a component that fetches on click and logs out."""

import json
import time
from collections.abc import Callable

import pytest
from patience import PATIENCE
from servers import Server

from .passing import MOVED, let_pass
from .tabs import Tab

LIFE = 600
"""Seconds that an access token lives; nobody waits for them, the clocks of server and page are moved."""

ALL = [pytest.param("classic", id="classic"), pytest.param("client", id="on the client")]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("react-context", **MOVED, JWT_ACCESS_TOKEN_EXPIRES=LIFE)
    server.register("alice")
    return server


def sign_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    tab = visit(f"react-context/{variant}", server, timed=variant == "client")
    tab.sign_in("alice")
    tab.sees("Profile")
    tab.seen.clear()
    return tab


@pytest.fixture
def signed_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    return sign_in(visit, server, variant)


@pytest.fixture(scope="module")
def aged(visit_early: Callable[..., Tab], server: Server) -> dict[str, Tab]:
    """A tab of each variant, and one more, whose first access token is dead."""
    tabs = {name: sign_in(visit_early, server, name.split()[0]) for name in ("classic", "client", "classic again")}
    let_pass(server, LIFE)
    tabs["client"].page.clock.fast_forward(LIFE * 1000)
    return tabs


@pytest.mark.parametrize("variant", ALL)
def test_a_click_fetches_also_after_the_access_token_is_dead_and_after_a_reload(
    aged: dict[str, Tab], variant: str
) -> None:
    tab = aged[variant]
    for _ in range(2):
        tab.click("Fetch my profile")
        tab.sees("alice, here since")
        tab.reload()
    assert set(tab.statuses(refreshing=True)) == {200}


def test_three_clicks_at_once_refresh_once(aged: dict[str, Tab]) -> None:
    tab = aged["classic again"]
    tab.page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('button').click()")
    tab.sees("alice, here since")
    tab.page.wait_for_load_state("networkidle")
    assert tab.statuses(refreshing=True) == [200]
    assert tab.statuses(refreshing=False).count(200) == 3


@pytest.mark.parametrize("variant", ["classic"])
def test_logging_out_clears_the_tokens_here_and_ends_them_at_the_server(signed_in: Tab, server: Server) -> None:
    tokens = json.loads(str(signed_in.stored("tokens")))
    signed_in.click("Log out")
    signed_in.asks_to_sign_in()
    assert signed_in.stored("tokens") is None
    assert server.get("/auth/me", access=tokens["access_token"]).json["code"] == "session_ended"
    signed_in.store("tokens", json.dumps(tokens))
    signed_in.reload()
    signed_in.click("Fetch my profile")
    signed_in.asks_to_sign_in()


@pytest.mark.parametrize("variant", ["client"])
def test_logging_out_of_the_client_and_leaving_at_once_has_logged_out(signed_in: Tab, server: Server) -> None:
    signed_in.click("Fetch my profile")
    signed_in.sees("alice, here since")
    access = str(signed_in.seen[-1].authorization).removeprefix("Bearer ")
    signed_in.page.evaluate("document.querySelectorAll('button')[1].click(); location.href = 'about:blank'")
    signed_in.page.wait_for_url("about:blank")
    deadline = time.monotonic() + PATIENCE
    while signed_in.context.cookies() and time.monotonic() < deadline:
        signed_in.wait(0.05)
    assert server.get("/auth/me", access=access).json["code"] == "session_ended"


@pytest.mark.parametrize("variant", ["client"])
def test_logging_out_of_the_client_deletes_the_cookie(signed_in: Tab) -> None:
    assert signed_in.context.cookies()
    signed_in.click("Log out")
    signed_in.is_told("/auth/logout", 204)
    signed_in.reload()
    signed_in.asks_to_sign_in()
    assert signed_in.context.cookies() == []
