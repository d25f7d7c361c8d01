"""One token that renews itself: near its end the answers bring another one, in a header of the recipe's own name."""

from collections.abc import Callable

import pytest
from servers import Server

from .passing import MOVED, let_pass
from .settings import settings_of
from .sites import Unexposing
from .tabs import Tab

LIFE = 600
"""Seconds: of a token, and without use of a session; nobody waits for them."""

ALL = [pytest.param("classic", id="classic"), pytest.param("client", id="on the client")]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("one-token", **MOVED, JWT_ACCESS_TOKEN_EXPIRES=LIFE, JWT_REFRESH_TOKEN_EXPIRES=LIFE)
    server.register("alice")
    return server


@pytest.fixture
def signed_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    return sign_in(visit, server, variant)


def sign_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    tab = visit(f"one-token/{variant}", server)
    tab.sign_in("alice")
    tab.sees("Welcome")
    return tab


def asks(tab: Tab) -> str | None:
    """Ask who one is, check the answer, and return the token that is kept afterwards."""
    tab.click("Who am I?")
    assert tab.says().startswith("You are alice")
    return tab.stored("token")


def test_the_recipes_settings_are_those_of_a_single_token() -> None:
    settings = settings_of("one-token")
    assert (settings["RENEWAL_HEADER_NAME"], settings["RENEWAL_HEADER_LIMIT"]) == ("token", None)
    assert settings["JWT_ACCESS_TOKEN_EXPIRES"] == settings["JWT_REFRESH_TOKEN_EXPIRES"] == 7 * 24 * 60 * 60


@pytest.mark.parametrize("variant", ["classic"])
def test_the_token_renews_itself_near_its_end_only_and_dies_unused(signed_in: Tab, server: Server) -> None:
    first = signed_in.stored("token")
    let_pass(server, LIFE * 0.6)
    assert asks(signed_in) == first
    let_pass(server, LIFE * 0.2)
    second = asks(signed_in)
    assert second != first
    let_pass(server, LIFE * 0.3)  # the first is over
    assert asks(signed_in) == second
    assert signed_in.statuses(refreshing=True) == []
    let_pass(server, LIFE)
    signed_in.click("Who am I?")
    signed_in.asks_to_sign_in()


def test_a_header_that_is_not_exposed_arrives_and_cannot_be_read(visit: Callable[..., Tab], server: Server) -> None:
    with Unexposing(server.address) as careless:
        tab = visit("one-token/classic", server, api=careless.origin)
        tab.sign_in("alice")
        tab.sees("Welcome")
        first = tab.stored("token")
        let_pass(server, LIFE * 0.8)
        assert asks(tab) == first
        assert tab.seen[-1].headers["token"] not in ("", first)


@pytest.mark.parametrize("variant", ["classic"])
def test_one_token_sets_no_cookie_and_calls_no_refresh(signed_in: Tab) -> None:
    signed_in.reload()
    asks(signed_in)
    assert signed_in.context.cookies() == []
    assert signed_in.statuses(refreshing=True) == []


@pytest.mark.parametrize("variant", ALL)
def test_signing_out_ends_the_token_at_the_server(signed_in: Tab, server: Server) -> None:
    signed_in.click("Who am I?")
    signed_in.says()
    token = str(signed_in.seen[-1].authorization).removeprefix("Bearer ")
    signed_in.click("Sign out")
    signed_in.asks_to_sign_in()
    signed_in.is_told("/auth/logout", 204)
    assert server.get("/auth/me", access=token).json["code"] == "session_ended"


@pytest.mark.parametrize("variant", ["client"])
def test_on_the_client_a_page_left_for_too_long_is_signed_out(signed_in: Tab, server: Server) -> None:
    signed_in.leave()
    let_pass(server, LIFE)
    signed_in.open()
    signed_in.is_told("/auth/refresh", 401)
    signed_in.asks_to_sign_in()


def test_the_client_takes_the_new_token_from_the_header(
    serve: Callable[..., Server], visit: Callable[..., Tab]
) -> None:
    server = serve("one-token", JWT_ACCESS_TOKEN_EXPIRES=60, RENEWAL_HEADER_THRESHOLD=1)
    server.register("alice")
    tab = visit("one-token/client", server)
    tab.sign_in("alice")
    tab.wait(1.1)  # a token of the same second would be no newer
    for _ in range(2):
        tab.click("Who am I?")
        assert tab.says().startswith("You are alice")
    asked = [seen for seen in tab.seen if seen.path == "/auth/me"]
    assert asked[1].authorization == f"Bearer {asked[0].headers['token']}"
