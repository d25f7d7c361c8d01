"""What the rotation rule promises, checked on every run of small worlds.

Each exploration runs the real `judge` and `step`. Its scope is the `World` it is given: so many tabs at once,
refreshes, lost messages, crashes and presentations by a thief, whose copy of the jar may be made at any moment. Every
one of them also checks that each value of `next` is in exactly one answer. One that finds a promise kept asserts that
it visited many states, so that a world in which nothing can happen does not pass for a safe one.
"""

from dataclasses import replace

import pytest
from exploration import (
    REFUSED,
    Exploration,
    explore,
    no_honest_refresh_is_refused,
    nothing_is_handed_out_inside_the_window,
    only_one_side_lives_on,
)
from exploration_world import World

from flask_renewal.rotation import Verdict

WINDOW = 4
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
