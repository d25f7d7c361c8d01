"""Time that passes: renewal ahead of it, machines that sleep, and tabs that nobody looks at."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Clock

from flask_renewal.ground.ambient import Ambient

from .bare_chromium import BareChromium, BareTab, bare_chromium
from .client_kit import World, ask, sign_in, wait_until
from .tabs import PlaywrightTab, address_of

chromium_only = pytest.mark.parametrize("browser", ["chromium"], indirect=True)
"""Playwright shows no other browser's tab hidden either, and those cannot be had without it."""
NOT_FOR_LONG = 0.3
"""Seconds in which a tab that is awake would have sent what it wants to send."""
TEN = "return (await Promise.all(Array.from({ length: 10 }, () => session.fetch('/auth/me')))).map((r) => r.status)"


def move_wall_clock(tab: PlaywrightTab, *, hours: int) -> None:
    """Set the time of day; the monotonic clock goes on as it did."""
    tab.page.clock.set_system_time(tab.run("return Date.now() / 1000") + hours * 3600)


def test_a_token_is_renewed_before_it_ends(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab(timed=True)
    clock.tick(minutes=14, seconds=20)
    tab.page.clock.fast_forward("14:20")
    wait_until(tab, "session.state.reason === 'renewed'")
    assert ask(tab)["status"] == 200
    assert [len(world.refreshes()), len(world.proxy.handled("/auth/me"))] == [1, 1]


def test_after_a_machine_slept_requests_are_renewed_for_once_and_none_is_refused(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab(timed=True)
    clock.tick(hours=8)
    move_wall_clock(tab, hours=8)
    assert tab.run("return session.expiresIn") == 0
    assert tab.run(TEN) == [200] * 10
    assert len(world.refreshes()) == 1
    assert len(world.proxy.handled("/auth/me")) == 10


def test_a_clock_that_is_set_back_makes_no_token_last_longer(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab(timed=True)
    move_wall_clock(tab, hours=-24)
    clock.tick(minutes=14, seconds=30)
    tab.page.clock.fast_forward("14:30")
    wait_until(tab, "session.state.reason === 'renewed'")
    assert ask(tab)["status"] == 200
    assert len(world.refreshes()) == 1


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[BareChromium]:
    with bare_chromium(tmp_path / "profile") as browser:
        yield browser


def hidden_tab(world: World, bare: BareChromium) -> BareTab:
    """Return a tab in which alice is signed in, behind another one."""
    tab = bare.open(address_of(world.page, world.api))
    sign_in(tab)
    bare.open("about:blank")
    wait_until(tab, "document.hidden")
    return tab


@chromium_only
def test_a_frozen_tab_asks_nothing_and_renews_once_when_it_is_looked_at(
    world: World, bare: BareChromium, clock: Clock
) -> None:
    tab = hidden_tab(world, bare)
    tab.freeze()
    tab.sleep(hours=8)
    clock.tick(hours=8)
    time.sleep(NOT_FOR_LONG)
    assert world.refreshes() == []
    tab.bring_to_front()
    wait_until(tab, "session.state.reason === 'renewed'")
    assert ask(tab)["status"] == 200
    assert len(world.refreshes()) == 1


@chromium_only
def test_a_hidden_tab_renews_nothing_of_its_own_accord(make_world: Callable[..., World], bare: BareChromium) -> None:
    world = make_world(ambient=Ambient(), JWT_ACCESS_TOKEN_EXPIRES=2)
    tab = hidden_tab(world, bare)
    wait_until(tab, "session.expiresIn === 0")
    time.sleep(NOT_FOR_LONG)
    assert world.refreshes() == []
    tab.bring_to_front()
    wait_until(tab, "session.state.reason === 'renewed'")
