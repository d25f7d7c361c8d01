"""What the rotation rule promises, checked on every run of small worlds; and weaker rules, which are all caught.

Each exploration runs the real `judge` and `step`. Its scope is the `World` it is given: so many tabs at once,
refreshes, lost messages, crashes and presentations by a thief, whose copy of the jar may be made at any moment. Every
one of them also checks that each value of `next` is in exactly one answer. One that finds a promise kept asserts that
it visited many states, so that a world in which nothing can happen does not pass for a safe one.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from exploration import (
    Exploration,
    Promise,
    Rule,
    World,
    explore,
    no_honest_refresh_is_refused,
    nothing_is_handed_out_inside_the_window,
    only_one_side_lives_on,
)

from flask_renewal import rotation
from flask_renewal.rotation import Chain, Verdict

WINDOW = 4
REFUSED = "an honest refresh was refused"
HONEST = World(window=WINDOW, tabs=3, sends=7, losses=3)
THIEF = World(window=2, tabs=3, sends=5, losses=2, thefts=4)


def split(ticks: int) -> pytest.MarkDecorator:
    """Share `ticks` out between the longest request and the longest answer in every way."""
    ways = [
        pytest.param(
            request, ticks - request, id=f"requests take up to {request} ticks, answers up to {ticks - request}"
        )
        for request in range(ticks + 1)
    ]
    return pytest.mark.parametrize(("longest_request", "longest_answer"), ways)


def assert_kept(explored: Exploration, *, states: int) -> None:
    assert explored.broken is None, "\n".join(explored.run)
    assert explored.states > states


# The honest browser.


@split(WINDOW)
def test_no_honest_refresh_is_refused(longest_request: int, longest_answer: int) -> None:
    """The bound: the longest request and the longest answer together take no longer than the window.

    Then nothing is judged `REUSE`, and whatever is presented after the window is handed a token.
    """
    world = replace(HONEST, request=longest_request, answer=longest_answer)
    assert_kept(explore(world, no_honest_refresh_is_refused), states=1_500 * (longest_request + 1))


@split(WINDOW + 1)
def test_the_bound_is_tight(longest_request: int, longest_answer: int) -> None:
    """One tick more than the window, however it is shared out, and there is a run that logs an honest browser out."""
    explored = explore(replace(HONEST, request=longest_request, answer=longest_answer), no_honest_refresh_is_refused)
    assert explored.broken == REFUSED
    assert explored.run[-1] == "the browser is judged on superseded: reuse"


def test_the_shortest_run_beyond_the_bound() -> None:
    """Two requests start together, and one dawdles past the window while the answer to the other is in use."""
    explored = explore(World(window=1, request=2), no_honest_refresh_is_refused)
    assert explored.run == (
        "a tab sends next",
        "a tab sends next",
        "the browser is judged on next: rotate",
        "the answer with next arrives",
        "a tick passes",
        "a tick passes",
        "a tab sends next",
        "the browser is judged on current: replace",
        "the answer with next arrives",
        "a tick passes",
        "a tick passes",
        "the browser is judged on superseded: reuse",
    )


def test_round_trips_within_half_the_window_are_safe() -> None:
    world = replace(HONEST, request=WINDOW, answer=WINDOW, together=WINDOW // 2)
    assert_kept(explore(world, no_honest_refresh_is_refused), states=5_000)


def test_round_trips_beyond_half_the_window_are_not_safe() -> None:
    """A slow answer of one tab and a slow request of another add up, so it does not help that neither has both."""
    world = replace(HONEST, request=WINDOW, answer=WINDOW, together=WINDOW // 2 + 1)
    assert explore(world, no_honest_refresh_is_refused).broken == REFUSED


def test_a_lost_answer_has_no_deadline() -> None:
    """One tab, no delay: only a lost answer lets it present the current token after the window, however long after."""
    explored = explore(World(tabs=1, sends=8, losses=8), no_honest_refresh_is_refused)
    assert_kept(explored, states=400)
    assert explored.judged["browser", Verdict.REPLACE] > 20


@split(WINDOW - 1)
def test_a_browser_that_crashes_before_the_cookie_is_on_disk_is_renewed(
    longest_request: int, longest_answer: int
) -> None:
    """The bound: the longest request, the longest answer and the time to disk together are within the window.

    A crash brings the jar back as it was on disk, and every tab forgets what it waits for. The server still judges the
    requests under way.
    """
    world = replace(HONEST, request=longest_request, answer=longest_answer, flush=1, sends=6, losses=2, crashes=2)
    explored = explore(world, no_honest_refresh_is_refused)
    assert_kept(explored, states=2_000 * (longest_request + 1))


@split(WINDOW - 1)
def test_the_bound_for_crashes_is_tight(longest_request: int, longest_answer: int) -> None:
    world = replace(HONEST, request=longest_request, answer=longest_answer, flush=2, sends=6, losses=2, crashes=2)
    assert explore(world, no_honest_refresh_is_refused).broken == REFUSED


# The thief.


@split(THIEF.window)
def test_after_a_copy_only_one_side_lives_on(longest_request: int, longest_answer: int) -> None:
    """Once both sides have received a new token since the copy, the next one handed out decides who survives.

    The other is never handed a token again, and the first that he presents outside the window is judged `REUSE`.
    """
    world = replace(THIEF, request=longest_request, answer=longest_answer)
    explored = explore(world, only_one_side_lives_on)
    assert_kept(explored, states=20_000)
    # Either side may be the one that is found out.
    assert explored.judged["thief", Verdict.REUSE] > 1_000
    assert explored.judged["browser", Verdict.REUSE] > 500


@split(THIEF.window)
def test_inside_the_window_nobody_is_handed_a_refresh_token(longest_request: int, longest_answer: int) -> None:
    """Holds of browser and thief, whenever the copy was made and whoever rotated last."""
    world = replace(THIEF, request=longest_request, answer=longest_answer, losses=1, thefts=3)
    explored = explore(world, nothing_is_handed_out_inside_the_window)
    assert_kept(explored, states=10_000)
    assert explored.judged["thief", Verdict.QUIET] > 5_000


@split(THIEF.window)
def test_a_thief_who_acts_only_inside_the_window_wins_no_refresh_token(
    longest_request: int, longest_answer: int
) -> None:
    """All that he gets is an access token for each `QUIET`; and the browser is never logged out in his place."""
    world = replace(THIEF, request=longest_request, answer=longest_answer, losses=1, hasty=True)
    explored = explore(world, nothing_is_handed_out_inside_the_window)
    assert_kept(explored, states=5_000)
    assert {verdict for side, verdict in explored.judged if side == "thief"} == {Verdict.QUIET, Verdict.REUSE}
    assert ("browser", Verdict.REUSE) not in explored.judged


# Weaker rules: each differs from the real one in what its name says.


def strict_single_use(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    return Verdict.ROTATE if presented == chain.next else Verdict.REUSE


def without_a_window(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    return rotation.judge(chain, presented, now=now, window=timedelta(microseconds=-1))


def window_without_its_last_moment(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    return rotation.judge(chain, presented, now=now, window=window - timedelta(microseconds=1))


def lost_successor_is_reuse(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.REUSE if verdict is Verdict.REPLACE else verdict


def lost_successor_is_quiet(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.QUIET if verdict is Verdict.REPLACE else verdict


def replaces_inside_the_window(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    if presented == chain.current:
        return Verdict.REPLACE
    return rotation.judge(chain, presented, now=now, window=window)


def rotates_inside_the_window(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    if presented == chain.next:
        return Verdict.ROTATE
    return rotation.judge(chain, presented, now=now, window=window)


def superseded_is_replaced(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.REPLACE if verdict is Verdict.REUSE and presented == chain.superseded else verdict


def reuse_is_quiet(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.QUIET if verdict is Verdict.REUSE else verdict


def returns_next_again(
    chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime
) -> Chain:
    if verdict is Verdict.REPLACE:
        return chain
    return rotation.step(chain, verdict, fresh=fresh, now=now, idle_expires_at=idle_expires_at)


def replaces_without_a_new_window(
    chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime
) -> Chain:
    after = rotation.step(chain, verdict, fresh=fresh, now=now, idle_expires_at=idle_expires_at)
    return replace(after, rotated_at=chain.rotated_at) if verdict is Verdict.REPLACE else after


def forgets_current(chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime) -> Chain:
    after = rotation.step(chain, verdict, fresh=fresh, now=now, idle_expires_at=idle_expires_at)
    return replace(after, current=None)


class Weaker(NamedTuple):
    rule: Rule
    world: World
    promise: Promise
    broken: str


TWO_TABS = World(window=WINDOW, request=2, answer=2, losses=0)
LOSSES = World(window=WINDOW, tabs=1)
STOLEN = replace(THIEF, request=1, answer=1, tabs=2, losses=0)

HANDED_INSIDE = "a token was handed out inside the window"

WEAKER = {
    "tabs that race are logged out by strict single use": Weaker(
        Rule(judge=strict_single_use), TWO_TABS, no_honest_refresh_is_refused, REFUSED
    ),
    "a lost answer logs out under strict single use": Weaker(
        Rule(judge=strict_single_use), LOSSES, no_honest_refresh_is_refused, REFUSED
    ),
    "tabs that race are logged out without a window": Weaker(
        Rule(judge=without_a_window), TWO_TABS, no_honest_refresh_is_refused, REFUSED
    ),
    "a window that ends a moment early is too short": Weaker(
        Rule(judge=window_without_its_last_moment), TWO_TABS, no_honest_refresh_is_refused, REFUSED
    ),
    "a lost answer logs out where the previous token is reuse": Weaker(
        Rule(judge=lost_successor_is_reuse), LOSSES, no_honest_refresh_is_refused, REFUSED
    ),
    "a lost answer strands the browser where the previous token is quiet": Weaker(
        Rule(judge=lost_successor_is_quiet),
        LOSSES,
        no_honest_refresh_is_refused,
        "the window passed and no token was handed out",
    ),
    "a fork displaces a fork where every use makes a child": Weaker(
        Rule(judge=replaces_inside_the_window), TWO_TABS, no_honest_refresh_is_refused, REFUSED
    ),
    "a thief wins a lasting token where every use makes a child": Weaker(
        Rule(judge=replaces_inside_the_window), STOLEN, nothing_is_handed_out_inside_the_window, HANDED_INSIDE
    ),
    "a slow tab is logged out where the newest token rotates at once": Weaker(
        Rule(judge=rotates_inside_the_window), TWO_TABS, no_honest_refresh_is_refused, REFUSED
    ),
    "a thief wins a lasting token where the newest token rotates at once": Weaker(
        Rule(judge=rotates_inside_the_window), STOLEN, nothing_is_handed_out_inside_the_window, HANDED_INSIDE
    ),
    "a token is handed out twice where the quiet are given the next": Weaker(
        Rule(judge=replaces_inside_the_window, step=returns_next_again),
        STOLEN,
        nothing_is_handed_out_inside_the_window,
        "a token was handed out twice",
    ),
    "a token is handed out twice where a lost one is sent again": Weaker(
        Rule(step=returns_next_again), LOSSES, no_honest_refresh_is_refused, "a token was handed out twice"
    ),
    "tabs displace each other where a replacement opens no window": Weaker(
        Rule(step=replaces_without_a_new_window),
        replace(TWO_TABS, losses=1),
        no_honest_refresh_is_refused,
        REFUSED,
    ),
    "tabs that race are logged out where the row forgets the current token": Weaker(
        Rule(step=forgets_current), TWO_TABS, no_honest_refresh_is_refused, REFUSED
    ),
    "thief and browser both live on where a superseded token is replaced": Weaker(
        Rule(judge=superseded_is_replaced), STOLEN, only_one_side_lives_on, "both sides keep being handed tokens"
    ),
    "a copy goes unnoticed where reuse is passed over": Weaker(
        Rule(judge=reuse_is_quiet), STOLEN, only_one_side_lives_on, "the copy goes unnoticed"
    ),
}


@pytest.mark.parametrize("weaker", WEAKER.values(), ids=WEAKER.keys())
def test_a_weaker_rule_is_caught(weaker: Weaker) -> None:
    """The real rule keeps the promise in the very world where the weaker one breaks it."""
    assert explore(replace(weaker.world, rule=weaker.rule), weaker.promise).broken == weaker.broken
    assert explore(weaker.world, weaker.promise).broken is None
