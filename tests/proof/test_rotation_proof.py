"""The rotation rule proved: the real `judge` and `step`, for any number of tabs, messages, losses, crashes and moves.

A promise is kept if its invariant is true at sign-in, if every step keeps the invariant, and if wherever the invariant
is true no step breaks the promise. `docs/proof.md` tells it in words.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import weaker_rules as weaker
from drawing import WINDOW as WINDOW_DRAWN
from proof_drawing import REQUEST, bound, run
from proof_steps import a_request_is_judged, the_thief_presents
from proof_world import Judged, Rule, World, any_moment
from prover import A_CRASH, A_SLOW_TAB, PROMISES, Step, find_run, prove, prove_start, within_the_bound
from symbolic import BrokenError, Run, every_run

from flask_renewal.rotation import Verdict

SHARES = {
    "requests": (1, 0, 0, 0),
    "answers": (0, 1, 0, 0),
    "writing to disk": (0, 0, 1, 0),
    "the clocks of two servers": (0, 0, 0, 1),
    "requests and answers": (0.5, 0.5, 0, 0),
    "everything": (0.25, 0.25, 0.25, 0.25),
}
"""Who takes which part of the quiet window: the longest request, answer and time to disk, and two clocks' errors."""
WINDOW = 60.0
INSTANT = 2**-20

every_promise = pytest.mark.parametrize("name", PROMISES)
every_step = pytest.mark.parametrize(
    ("name", "step"),
    [
        pytest.param(name, step, id=f"{name}, while {step.__name__.replace('_', ' ')}")
        for name, promise in PROMISES.items()
        for step in promise.steps
    ],
)


@every_promise
def test_what_a_promise_stands_on_is_true_at_sign_in(name: str) -> None:
    assert prove_start(PROMISES[name]) == 2


@every_step
def test_every_step_keeps_what_the_promise_stands_on_and_the_promise(name: str, step: Step) -> None:
    assert prove(PROMISES[name], step) > 0


@pytest.mark.parametrize(
    ("name", "step", "verdicts"),
    [
        ("nobody honest is signed out", a_request_is_judged, set(Verdict) - {Verdict.REUSE}),
        ("a thief is found at the first possible moment", a_request_is_judged, set(Verdict)),
        ("a thief is found at the first possible moment", the_thief_presents, set(Verdict)),
    ],
)
def test_no_proof_is_of_a_world_in_which_nothing_happens(
    name: str, step: Callable[[World], Judged], verdicts: set[Verdict]
) -> None:
    def take(run: Run) -> Verdict | None:
        world = within_the_bound(World(run, Rule()))
        any_moment(world)
        run.assume(*(claim for _, claim in PROMISES[name].of(world)))
        verdict = step(world).verdict
        return verdict if run.values() is not None else None

    assert set(Counter(verdict for _, verdict in every_run(take) if verdict)) == verdicts


@pytest.mark.parametrize("shares", SHARES.values(), ids=SHARES)
def test_past_the_bound_there_is_a_run_that_signs_an_honest_browser_out(shares: tuple[float, ...]) -> None:
    """An instant past it, and not at it: the solver finds the delays, however the window is shared out."""
    for script in (A_CRASH, A_SLOW_TAB) if not shares[2] else (A_CRASH,):
        assert find_run(script, **lengths(WINDOW, shares)) is None
        assert find_run(script, **lengths(WINDOW + INSTANT, shares)) is not None


def lengths(altogether: float, shares: tuple[float, ...]) -> dict[str, float]:
    request, answer, flush, clocks = (share * altogether for share in shares)
    return {"window": WINDOW, "request": request, "answer": answer, "flush": flush, "error": clocks / 2}


WEAKER = {
    "nobody honest is signed out": (
        Rule(judge=weaker.strict_single_use),
        Rule(judge=weaker.without_a_window),
        Rule(judge=weaker.window_without_its_last_moment),
        Rule(judge=weaker.lost_successor_is_reuse),
        Rule(judge=weaker.lost_successor_is_quiet),
        Rule(judge=weaker.replaces_inside_the_window),
        Rule(judge=weaker.rotates_inside_the_window),
        Rule(step=weaker.replaces_without_a_new_window),
        Rule(step=weaker.forgets_current),
    ),
    "the window is worth nothing lasting": (
        Rule(judge=weaker.replaces_inside_the_window),
        Rule(judge=weaker.rotates_inside_the_window),
    ),
    "a thief is found at the first possible moment": (
        Rule(judge=weaker.superseded_is_replaced),
        Rule(judge=weaker.reuse_is_quiet),
    ),
    "each token is handed out once": (Rule(step=weaker.returns_next_again),),
}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        pytest.param(name, rule, id=f"{name}, but not where {changed.replace('_', ' ')}")
        for name, rules in WEAKER.items()
        for rule in rules
        for changed in ({rule.judge.__name__, rule.step.__name__} - {"judge", "step"})
    ],
)
def test_a_weaker_rule_breaks_the_proof(name: str, rule: Rule) -> None:
    with pytest.raises(BrokenError):
        prove(PROMISES[name], a_request_is_judged, rule)


def test_the_picture_of_the_bound_shows_a_run_that_ends_well_and_one_that_does_not() -> None:
    at_the_bound, past_it = (run(WINDOW_DRAWN - REQUEST + late) for late in (timedelta(0), timedelta(seconds=1)))
    assert (at_the_bound.verdict, at_the_bound.last) == (Verdict.QUIET, Verdict.ROTATE)
    assert (past_it.verdict, past_it.last) == (Verdict.REPLACE, Verdict.REUSE)
    assert "reuse" in bound()
