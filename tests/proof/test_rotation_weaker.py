"""Weaker rules than ours: small worlds in which each of them breaks a promise that the real one keeps."""

from dataclasses import replace
from typing import NamedTuple

import pytest
from exploration import (
    REFUSED,
    explore,
    no_honest_refresh_is_refused,
    nothing_is_handed_out_inside_the_window,
    only_one_side_lives_on,
)
from exploration_world import Promise, Rule, World
from weaker_rules import (
    forgets_current,
    lost_successor_is_quiet,
    lost_successor_is_reuse,
    replaces_inside_the_window,
    replaces_without_a_new_window,
    returns_next_again,
    reuse_is_quiet,
    rotates_inside_the_window,
    strict_single_use,
    superseded_is_replaced,
    window_without_its_last_moment,
    without_a_window,
)


class Weaker(NamedTuple):
    rule: Rule
    world: World
    promise: Promise
    broken: str


TWO_TABS = World(window=4, request=2, answer=2, losses=0)
LOSSES = World(window=4, tabs=1)
STOLEN = World(window=2, request=1, answer=1, tabs=2, sends=5, losses=0, thefts=4)

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
