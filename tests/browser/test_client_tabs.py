"""Tabs of one browser: one renews and the others hear of it, and none ever waits for another without an end."""

import time
from collections.abc import Callable

from conftest import PASSWORD, Clock
from flask.testing import FlaskClient

from .client_kit import World, ask, sign_in, wait_until, who
from .loss_proxy import Fault
from .tabs import PlaywrightTab

NOT_FOR_LONG = 0.2
"""Seconds in which a request that waits for nothing would have been sent."""
BEGIN = "window.asked = session.fetch('/auth/me').then(({ status }) => status); return null"
END = "return window.asked"
RESTORE_AT_ONCE = "addEventListener('load', async () => { await ready; window.restored = session.restore(); })"
HOLD_LOCK = """
const forever = new Promise(() => {});
await new Promise((granted) => navigator.locks.request(argument + "/auth", () => (granted(), forever)));
"""


def ask_in_all(*tabs: PlaywrightTab) -> list[int]:
    """Let each tab ask in the same moment; return the statuses of the answers."""
    for tab in tabs:
        tab.run(BEGIN)
    return [tab.run(END) for tab in tabs]


def test_one_tab_renews_and_the_other_hears_of_it(world: World, clock: Clock) -> None:
    first, second = world.two_tabs()
    before = len(world.refreshes())
    clock.tick(minutes=16)
    assert ask(first)["status"] == 200
    wait_until(second, "session.state.reason === 'renewed'")
    assert ask(second)["status"] == 200
    assert len(world.refreshes()) == before + 1


def test_two_tabs_that_meet_a_401_at_once_both_go_on(world: World, clock: Clock) -> None:
    tabs = world.two_tabs()
    for _ in range(2):
        clock.tick(minutes=16)
        assert ask_in_all(*tabs) == [200, 200]
    assert [who(tab)[:2] for tab in tabs] == [[True, "alice"]] * 2


def test_two_tabs_without_locks_or_a_channel_race_and_both_go_on(world: World, clock: Clock) -> None:
    sign_in(world.open_tab())
    tabs = [world.open_tab(locks=None, channel=None) for _ in range(2)]
    for _ in range(2):
        assert ask_in_all(*tabs) == [200, 200]
        clock.tick(minutes=16)
    assert [who(tab)[:2] for tab in tabs] == [[True, "alice"]] * 2


def test_two_tabs_that_reload_at_once_are_both_signed_in(world: World, clock: Clock) -> None:
    tabs = world.two_tabs()
    for tab in tabs:
        tab.page.add_init_script(RESTORE_AT_ONCE)
    for _ in range(2):
        clock.tick(minutes=16)
        for tab in tabs:
            tab.page.evaluate("window.old = true; location.reload()")
        for tab in tabs:
            tab.page.wait_for_function("!window.old && window.restored")
        assert [tab.run("return (await restored).signedIn") for tab in tabs] == [True, True]


def test_a_logout_reaches_the_other_tab(world: World) -> None:
    first, second = world.two_tabs()
    first.run("await session.logout()")
    wait_until(second, "session.state.signedIn === false")
    assert who(second) == [False, None, "logout"]
    assert ask(second)["status"] == 401
    assert world.cookie() is None


def test_a_login_reaches_a_tab_that_nobody_was_signed_in_to(world: World) -> None:
    waiting = world.open_tab()
    waiting.run("await session.restore()")
    assert who(waiting) == [False, None, "refresh_token_missing"]
    sign_in(world.open_tab())
    wait_until(waiting, "session.state.signedIn")
    assert ask(waiting)["body"]["user"]["username"] == "alice"


def test_another_user_who_signs_in_in_a_second_tab_is_signed_in_in_both(world: World, clock: Clock) -> None:
    world.add_person("bob")
    first, second = world.two_tabs()
    clock.tick(seconds=1)
    sign_in(second, "bob")
    wait_until(first, "session.state.user.username === 'bob'")
    clock.tick(minutes=16)
    for tab in (first, second):
        assert ask(tab)["body"]["user"]["username"] == "bob"


def test_a_login_waits_for_the_renewal_of_another_tab_whose_cookie_would_come_late(world: World, clock: Clock) -> None:
    world.add_person("bob")
    first, second = world.two_tabs()
    clock.tick(minutes=16)
    world.proxy.spoil("/auth/refresh", Fault.HELD)
    second.run(BEGIN)
    world.proxy.wait_for("/auth/refresh", times=2)
    first.run("window.entering = session.login(argument); return null", {"username": "bob", "password": PASSWORD})
    time.sleep(NOT_FOR_LONG)
    assert len(world.proxy.handled("/auth/login")) == 1
    world.proxy.release()
    first.run("await window.entering")
    for tab in (first, second):
        tab.reload()
        assert tab.run("return (await session.restore()).user.username") == "bob"


def test_what_one_user_asked_for_is_not_sent_again_in_the_name_of_the_next(world: World, clock: Clock) -> None:
    world.add_person("bob")
    first, second = world.two_tabs()
    clock.tick(minutes=16)
    world.proxy.spoil("/auth/sessions", Fault.HELD)
    first.run("window.asked = session.fetch('/auth/sessions').then(({ status }) => status); return null")
    world.proxy.wait_for("/auth/sessions")
    sign_in(second, "bob")
    wait_until(first, "session.state.user.username === 'bob'")
    world.proxy.release()
    assert first.run(END) == 401
    assert len(world.proxy.handled("/auth/sessions")) == 1


def test_a_lock_that_another_tab_never_releases_holds_nothing_up_for_ever(world: World, clock: Clock) -> None:
    holder = world.open_tab()
    holder.run(HOLD_LOCK, world.api)
    tab = world.signed_in_tab(lockWait=200)
    clock.tick(minutes=16)
    assert ask(tab)["status"] == 200
    tab.run("await session.logout()")
    tab.reload()
    assert tab.run("return (await session.restore()).reason") == "refresh_token_missing"


def test_a_tab_that_is_closed_while_it_renews_holds_nobody_up(world: World, clock: Clock) -> None:
    first, second = world.two_tabs()
    clock.tick(minutes=16)
    world.proxy.spoil("/auth/refresh", Fault.HELD)
    first.run(BEGIN)
    world.proxy.wait_for("/auth/refresh", times=2)
    second.run(BEGIN)
    first.page.close()
    assert second.run(END) == 200


def test_a_session_that_is_ended_elsewhere_ends_in_every_tab(make_world: Callable[..., World], clock: Clock) -> None:
    world = make_world(RENEWAL_REVOCATION_DELAY=0)
    first, second = world.two_tabs()
    end_all_sessions(world.app.test_client())
    assert ask(first)["status"] == 401
    wait_until(second, "session.state.signedIn === false")
    assert who(second) == [False, None, "session_ended"]
    assert second.run("return session.state.refusal.reason") == "logout"


def end_all_sessions(phone: FlaskClient) -> None:
    """Sign out everywhere, on another device."""
    phone.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert phone.post("/auth/logout", json={"everywhere": True}).status_code == 204
