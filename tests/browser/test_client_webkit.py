"""The client in WebKit, one browser for each test: it knows no contexts."""

from collections.abc import Callable

import pytest
from conftest import Clock

from .client_kit import REFRESH, World, ask, wait_for_answer, wait_until, who
from .loss_proxy import Fault
from .tabs import Profile

pytestmark = pytest.mark.parametrize("new_profile", ["webkit"], indirect=True)


@pytest.fixture
def profile(new_profile: Callable[[], Profile]) -> Profile:
    return new_profile()


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.LOST, "unreachable"), (Fault.CUT, "http_200"), (Fault.BAD_GATEWAY, "unreachable")],
)
def test_a_refresh_that_goes_wrong_signs_nobody_out(world: World, clock: Clock, fault: Fault, code: str) -> None:
    """WebKitGTK hands half a body on as if it were whole."""
    tab = world.signed_in_tab()
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, fault)
    assert ask(tab) == {"code": code}
    clock.tick(minutes=16)
    wait_for_answer(tab)
    assert who(tab) == [True, "alice", "renewed"]


def test_a_session_comes_back_after_a_reload_and_ends_in_every_tab(world: World, clock: Clock) -> None:
    first, second = world.two_tabs()
    clock.tick(minutes=16)
    first.reload()
    assert first.run("return (await session.restore()).reason") == "restored"
    second.run("await session.logout()")
    wait_until(first, "session.state.signedIn === false")
    assert who(first) == [False, None, "logout"]


def test_an_answer_that_comes_after_signing_out_brings_nothing_back(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab()
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, Fault.HELD)
    tab.run("session.fetch('/auth/me').catch(() => null); return null")
    world.proxy.wait_for(REFRESH)
    tab.run("await session.logout()")
    world.proxy.release()
    tab.reload()
    assert tab.run("return (await session.restore()).reason") == "refresh_token_missing"
