"""One token that renews itself: near its end the answers bring another one, in a header of the recipe's own name."""

import base64
import json
import time
from collections.abc import Callable

import pytest
from servers import Server

from .settings import settings_of
from .sites import Unexposing
from .tabs import Tab

LIFE = 5
"""Seconds: of a token, and without use of a session."""

ALL = [pytest.param("classic", id="classic"), pytest.param("client", id="on the client")]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("one-token", JWT_ACCESS_TOKEN_EXPIRES=LIFE, JWT_REFRESH_TOKEN_EXPIRES=LIFE)
    server.register("alice")
    return server


@pytest.fixture
def signed_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    return sign_in(visit, server, variant)


@pytest.fixture(scope="module")
def left(visit_early: Callable[..., Tab], server: Server) -> tuple[Tab, float]:
    """A tab on the client that was left, and when its session will be over, by the monotonic clock."""
    tab = sign_in(visit_early, server, "client")
    tab.leave()
    return tab, time.monotonic() + LIFE


def sign_in(visit: Callable[..., Tab], server: Server, variant: str) -> Tab:
    tab = visit(f"one-token/{variant}", server)
    tab.sign_in("alice")
    tab.sees("Welcome")
    return tab


def end_of(token: str | None) -> float:
    assert token
    claims = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])


def asks_until_renewed(tab: Tab) -> None:
    """Ask now and then, until the token's life is over at the latest, and check that each question is answered."""
    old, deadline = tab.stored("token"), time.monotonic() + LIFE
    while tab.stored("token") == old and time.monotonic() < deadline:
        tab.click("Who am I?")
        assert tab.says().startswith("You are alice")
        tab.wait(0.2)


def test_the_recipes_settings_are_those_of_a_single_token() -> None:
    settings = settings_of("one-token")
    assert (settings["RENEWAL_HEADER_NAME"], settings["RENEWAL_HEADER_LIMIT"]) == ("token", None)
    assert settings["JWT_ACCESS_TOKEN_EXPIRES"] == settings["JWT_REFRESH_TOKEN_EXPIRES"] == 7 * 24 * 60 * 60


@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("variant", ["classic"])
def test_the_token_renews_itself_near_its_end_only_and_dies_unused(signed_in: Tab) -> None:
    first = signed_in.stored("token")
    asks_until_renewed(signed_in)
    assert end_of(first) - LIFE / 3 <= time.time() < end_of(first)
    signed_in.wait(end_of(first) + 0.1 - time.time())
    signed_in.click("Who am I?")
    assert signed_in.says().startswith("You are alice")
    assert signed_in.statuses(refreshing=True) == []
    signed_in.wait(end_of(signed_in.stored("token")) + 0.1 - time.time())
    signed_in.click("Who am I?")
    signed_in.asks_to_sign_in()


def test_a_header_that_is_not_exposed_arrives_and_cannot_be_read(visit: Callable[..., Tab], server: Server) -> None:
    with Unexposing(server.address) as careless:
        tab = visit("one-token/classic", server, api=careless.origin)
        tab.sign_in("alice")
        tab.sees("Welcome")
        first = tab.stored("token")
        tab.wait(end_of(first) - 1 - time.time())
        tab.click("Who am I?")
        assert tab.says().startswith("You are alice")
        assert tab.seen[-1].headers["token"] not in ("", first)
        assert tab.stored("token") == first


@pytest.mark.parametrize("variant", ["classic"])
def test_one_token_sets_no_cookie_and_calls_no_refresh(signed_in: Tab) -> None:
    signed_in.reload()
    signed_in.click("Who am I?")
    assert signed_in.says().startswith("You are alice")
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


def test_on_the_client_a_page_left_for_too_long_is_signed_out(left: tuple[Tab, float]) -> None:
    tab, over = left
    tab.wait(max(0, over - time.monotonic()))
    tab.open()
    tab.is_told("/auth/refresh", 401)
    tab.asks_to_sign_in()


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
