"""No network, no server, a server that says no: the session stays, and goes on when that is over."""

from collections.abc import Callable

import pytest
from conftest import Clock
from flask import Flask, Response, request

from .client_kit import REFRESH, World, ask, wait_until, who

PAUSED = "(await session.fetch('/auth/me').catch((error) => error))"


@pytest.fixture
def closed(world: World) -> list[int]:
    """The seconds of Retry-After with which the server refuses to renew, while they are in it."""
    pause: list[int] = []

    @world.app.before_request
    def refuse() -> Response | None:
        if request.path != REFRESH or not pause:
            return None
        return Response(status=503, headers={"Retry-After": str(pause[0])})

    return pause


def test_a_network_that_is_gone_takes_neither_the_session_nor_the_token(world: World) -> None:
    tab = world.signed_in_tab()
    world.proxy.away = True
    assert ask(tab) == {"code": "TypeError"}
    assert who(tab) == [True, "alice", "login"]
    world.proxy.away = False
    assert ask(tab)["status"] == 200
    assert world.refreshes() == []


def test_a_browser_that_was_offline_renews_as_soon_as_it_is_online(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab(timed=True)
    world.profile.context.set_offline(True)
    tab.page.clock.fast_forward("30:00")
    clock.tick(minutes=30)
    for _ in range(7):  # after which nothing is tried for half a minute at least
        tab.page.clock.fast_forward("01:00")
        assert ask(tab) == {"code": "TypeError"}
    assert who(tab) == [True, "alice", "login"]
    world.profile.context.set_offline(False)
    wait_until(tab, "session.state.reason === 'renewed'")
    assert ask(tab)["status"] == 200
    assert len(world.refreshes()) == 1


def test_a_page_that_is_opened_offline_is_undecided_and_signed_in_once_the_server_is_back(world: World) -> None:
    world.signed_in_tab()
    tab = world.open_tab(timed=True)
    world.proxy.away = True
    tab.run("await session.restore()")
    assert who(tab) == [None, None, "unreachable"]
    world.proxy.away = False
    tab.page.clock.fast_forward(1_000)
    wait_until(tab, "session.state.signedIn")
    assert who(tab) == [True, "alice", "restored"]


def test_a_server_that_names_a_pause_is_not_asked_within_it(world: World, closed: list[int], clock: Clock) -> None:
    tab = world.signed_in_tab(timed=True)
    clock.tick(minutes=16)
    closed.append(30)
    assert ask(tab) == {"code": "http_503"}
    closed.clear()
    tab.page.clock.fast_forward(20_000)
    assert ask(tab) == {"code": "http_503"}
    assert len(world.refreshes()) == 1
    tab.page.clock.fast_forward(11_000)
    assert ask(tab)["status"] == 200
    assert who(tab) == [True, "alice", "renewed"]


def test_a_token_that_is_still_good_is_used_while_renewal_is_refused(
    world: World, closed: list[int], clock: Clock
) -> None:
    tab = world.signed_in_tab(timed=True)
    closed.append(1)
    clock.tick(minutes=14, seconds=30)
    tab.page.clock.fast_forward("14:30")
    assert ask(tab)["status"] == 200
    assert who(tab)[:2] == [True, "alice"]


def test_too_many_refreshes_are_refused_with_a_pause_that_a_page_on_another_origin_can_read(
    make_world: Callable[..., World], clock: Clock
) -> None:
    world = make_world(RENEWAL_RATELIMIT_REFRESH="1 per minute")
    tab = world.signed_in_tab()
    for _ in range(2):
        clock.tick(minutes=16)
        ask(tab)
    code, seconds = tab.run(f"const {{ code, retryAfter }} = {PAUSED}; return [code, retryAfter]")
    assert code == "too_many_requests"
    assert 30 < seconds <= 60
    assert who(tab)[:2] == [True, "alice"]
    assert len(world.refreshes()) == 2


def test_a_server_that_was_restarted_goes_on_with_the_session(
    world: World, clock: Clock, make_app: Callable[..., Flask], serve: Callable[..., str]
) -> None:
    tab = world.signed_in_tab()
    world.proxy.away = True
    ask(tab)
    world.proxy.upstream = serve(make_app(RENEWAL_TRUSTED_ORIGINS=[world.page]))
    world.proxy.away = False
    assert ask(tab)["status"] == 200
    assert world.refreshes() == []
    clock.tick(minutes=16)
    assert ask(tab)["status"] == 200
    assert who(tab) == [True, "alice", "renewed"]
