"""Answers that are lost, cut or late on their way: nobody is signed out for it, and nobody is signed in again."""

from collections.abc import Callable

import pytest
from conftest import PASSWORD, Clock

from .client_kit import REFRESH, World, ask, sign_in, wait_until, who
from .loss_proxy import Fault

FIRST_PAUSE_MS = 1_000
"""After the first failure nothing is tried for this long at most."""
WARM_UP = "for (let n = 0; n < 2; n++) await fetch(session.baseUrl + '/healthz', { credentials: 'include' })"
ASK_AND_FORGET = "session.fetch('/auth/me').catch(() => null); return null"
LOG_IN = "session.login(argument).catch((error) => (window.refused = error.code)); return null"


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.HELD], ids=lambda fault: fault.value)
def test_a_refresh_that_goes_wrong_signs_nobody_out_and_the_next_goes_on(
    world: World, clock: Clock, fault: Fault
) -> None:
    tab = world.signed_in_tab(timed=True)
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, fault)
    assert ask(tab) == {"code": "unreachable"}
    assert who(tab) == [True, "alice", "login"]
    clock.tick(minutes=16)
    tab.page.clock.fast_forward(FIRST_PAUSE_MS)
    assert ask(tab)["status"] == 200
    assert who(tab) == [True, "alice", "renewed"]
    clock.tick(minutes=16)
    assert ask(tab)["status"] == 200


def test_a_lost_answer_leaves_the_old_cookie_and_the_next_one_brings_another(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab(timed=True)
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, Fault.LOST)
    old = world.cookie()
    ask(tab)
    assert world.cookie() == old
    clock.tick(minutes=2)
    tab.page.clock.fast_forward(FIRST_PAUSE_MS)
    ask(tab)
    assert world.cookie() != old


@pytest.mark.parametrize(
    ("https", "lost"),
    [(False, 1), (True, 2)],
    ids=["and its second answer arrives", "over https, and both answers are lost"],
)
def test_a_refresh_that_the_browser_resends_by_itself_is_harmless(
    make_world: Callable[..., World], clock: Clock, https: bool, lost: int
) -> None:
    world = make_world(https=https, keep_alive=True)
    tab = world.signed_in_tab(timed=True)
    tab.run(WARM_UP)
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, Fault.LOST, times=lost)
    assert ask(tab).get("status") == (200 if lost == 1 else None)
    first, second = world.refreshes()
    assert first.connection != second.connection
    assert first.headers["Cookie"] == second.headers["Cookie"]
    clock.tick(minutes=16)
    tab.page.clock.fast_forward(FIRST_PAUSE_MS)
    assert ask(tab)["status"] == 200
    assert who(tab) == [True, "alice", "renewed"]


def test_a_server_that_does_not_answer_is_waited_for_fifteen_seconds(world: World) -> None:
    world.signed_in_tab()
    world.proxy.spoil(REFRESH, Fault.HELD)
    tab = world.open_tab(timed=True)
    tab.run("window.restored = session.restore(); return null")
    world.proxy.wait_for(REFRESH)
    tab.page.clock.fast_forward(5_000)
    assert who(tab) == [None, None, "unknown"]
    tab.page.clock.fast_forward(10_000)
    tab.run("await window.restored")
    assert who(tab) == [None, None, "timeout"]
    world.proxy.release()
    tab.page.clock.fast_forward(FIRST_PAUSE_MS)
    wait_until(tab, "session.state.signedIn")


def test_a_page_that_is_reloaded_while_it_renews_is_signed_in(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab()
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, Fault.HELD)
    tab.run(ASK_AND_FORGET)
    world.proxy.wait_for(REFRESH)
    tab.reload()
    assert tab.run("return (await session.restore()).signedIn")
    world.proxy.release()
    for _ in range(2):
        clock.tick(minutes=16)
        assert ask(tab)["status"] == 200


def test_an_answer_that_comes_after_signing_out_brings_nothing_back(world: World, clock: Clock) -> None:
    tab = world.signed_in_tab()
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, Fault.HELD)
    tab.run(ASK_AND_FORGET)
    world.proxy.wait_for(REFRESH)
    tab.run("await session.logout()")
    world.proxy.release()
    tab.reload()
    assert tab.run("return (await session.restore()).reason") == "refresh_token_missing"
    assert world.cookie() is None


def test_a_login_that_is_answered_after_signing_out_signs_nobody_in(world: World) -> None:
    tab = world.signed_in_tab()
    world.proxy.spoil("/auth/login", Fault.HELD)
    tab.run(LOG_IN, {"username": "alice", "password": PASSWORD})
    world.proxy.wait_for("/auth/login", times=2)
    tab.run("await session.logout()")
    world.proxy.release()
    wait_until(tab, "window.refused === 'superseded'")
    tab.reload()
    assert tab.run("return (await session.restore()).reason") == "refresh_token_missing"
    assert world.cookie() is None


def test_who_signs_out_and_leaves_the_page_at_once_has_signed_out(world: World) -> None:
    tab = world.signed_in_tab()
    tab.page.evaluate("session.logout(); location.replace('about:blank')")
    world.wait_until_there_is_no_cookie()
    other = world.open_tab()
    other.run("await session.restore()")
    assert who(other) == [False, None, "refresh_token_missing"]


def test_a_renewal_that_is_answered_after_a_login_does_not_take_its_place(world: World, clock: Clock) -> None:
    world.add_person("bob")
    tab = world.signed_in_tab()
    clock.tick(minutes=16)
    world.proxy.spoil(REFRESH, Fault.HELD)
    tab.run(ASK_AND_FORGET)
    world.proxy.wait_for(REFRESH)
    sign_in(tab, "bob")
    world.proxy.release()
    tab.reload()
    assert tab.run("return (await session.restore()).user.username") == "bob"
