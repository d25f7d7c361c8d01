"""Two tokens, Axios and a queue: the refresh token in a cookie, in localStorage, and on the client."""

from collections.abc import Callable

import pytest
from cookie_names import REFRESH, without_port
from servers import Server

from .passing import MOVED, let_pass
from .tabs import Tab

LIFE = 600
"""Seconds that an access token lives; nobody waits for them, the clocks of server and page are moved."""

CLASSIC = [
    pytest.param("cookie", id="the refresh token in a cookie"),
    pytest.param("body", id="the refresh token in localStorage"),
]
ALL = [*CLASSIC, pytest.param("client", id="on the client")]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("two-tokens", **MOVED, JWT_ACCESS_TOKEN_EXPIRES=LIFE)
    server.register("alice")
    return server


def sign_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    tab = visit(f"two-tokens/{variant}", server, timed=variant == "client")
    tab.click("Load everything")
    tab.asks_to_sign_in()
    tab.sign_in("alice")
    tab.sees("Dashboard")
    tab.seen.clear()
    return tab


@pytest.fixture
def signed_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    return sign_in(visit, server, variant)


@pytest.fixture(scope="module")
def aged(visit_early: Callable[..., Tab], server: Server) -> dict[str, Tab]:
    """A tab of each variant, whose first access token is dead."""
    tabs = {variant: sign_in(visit_early, server, variant) for variant in ("cookie", "body", "client")}
    let_pass(server, LIFE)
    tabs["client"].page.clock.fast_forward(LIFE * 1000)
    tabs["client"].is_told("/auth/refresh", 200)
    return tabs


@pytest.mark.parametrize("variant", CLASSIC)
def test_parallel_requests_refresh_once_and_are_all_replayed(aged: dict[str, Tab], variant: str) -> None:
    tab = aged[variant]
    tab.click("Load everything")
    assert tab.says() == "5 answers for alice"
    assert tab.statuses(refreshing=True) == [200]
    assert sorted(tab.statuses(refreshing=False)) == [200] * 5 + [401] * 5


def test_on_the_client_parallel_requests_are_answered_as_it_renews_ahead(aged: dict[str, Tab]) -> None:
    tab = aged["client"]
    tab.click("Load everything")
    assert tab.says() == "5 answers for alice"
    assert set(tab.statuses(refreshing=True)) == {200}


@pytest.mark.parametrize("variant", ALL)
def test_a_refresh_that_is_refused_leads_to_the_sign_in_page(signed_in: Tab, server: Server) -> None:
    access = server.post("/auth/login", content={"username": "alice", "password": "correct staple horse battery"})
    server.ask("DELETE", "/auth/sessions", access=access.json["access_token"])
    signed_in.click("Load everything")
    signed_in.asks_to_sign_in()
    assert signed_in.page.url.endswith("#/sign-in")
    assert signed_in.statuses(refreshing=True) == [401]


@pytest.mark.parametrize("variant", ALL)
def test_a_reload_signs_nobody_out(signed_in: Tab) -> None:
    signed_in.reload()
    signed_in.click("Load everything")
    assert signed_in.says() == "5 answers for alice"


@pytest.mark.parametrize("variant", ALL)
def test_after_signing_out_the_next_request_leads_to_the_sign_in_page(signed_in: Tab) -> None:
    signed_in.click("Sign out")
    signed_in.asks_to_sign_in()
    signed_in.is_told("/auth/logout", 204)
    signed_in.open()
    signed_in.click("Load everything")
    signed_in.asks_to_sign_in()


@pytest.mark.parametrize("variant", ["cookie", "client"])
def test_no_script_can_read_the_refresh_token_in_the_cookie(signed_in: Tab) -> None:
    [cookie] = signed_in.context.cookies()
    assert (without_port(cookie["name"]), cookie["httpOnly"]) == (REFRESH, True)
    assert signed_in.page.evaluate("document.cookie + JSON.stringify(localStorage)") == "{}"


@pytest.mark.parametrize("variant", ["body"])
def test_with_the_body_transport_there_is_no_cookie(signed_in: Tab) -> None:
    assert signed_in.context.cookies() == []
    assert signed_in.stored("refresh_token")
