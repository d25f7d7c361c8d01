"""Proves promises: the invariant is true at sign-in, every step keeps it, and it makes every step keep the promise."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

import proof_promises as claims
import proof_steps as steps
import z3
from proof_promises import Claim
from proof_world import MOVING, Judged, Rule, World, any_moment, any_row, sign_in
from symbolic import BrokenError, Run, every_run

from flask_renewal.identity.sessions.clocks import left_for_messages
from flask_renewal.rotation import Verdict

Step = Callable[[World], Judged | None]
OURS = Rule()

HONEST: tuple[Step, ...] = (
    steps.time_passes,
    steps.a_tab_sends,
    steps.a_request_is_judged,
    steps.an_answer_arrives,
    steps.the_jar_is_written_to_disk,
    steps.the_browser_crashes,
    steps.an_access_token_is_renewed_in_a_header,
    steps.somebody_ends_the_session,
)
HASTY: tuple[Step, ...] = (*HONEST, steps.the_thief_copies_the_browser, steps.the_thief_presents_inside_the_window)
ALL: tuple[Step, ...] = (*HONEST, steps.the_thief_copies_the_browser, steps.the_thief_presents)
JUDGING: tuple[Step, ...] = (steps.a_request_is_judged,)
"""Where nothing is known of row and token, one is as good as the other."""


@dataclass(frozen=True)
class Promise:
    """What is promised, the invariants that it stands on, and what may happen."""

    promises: Callable[[Judged, World], Iterable[Claim]]
    invariants: tuple[Callable[[World], Iterable[Claim]], ...] = ()
    steps: tuple[Step, ...] = ALL

    def of(self, world: World) -> list[Claim]:
        return [claim for invariant in self.invariants for claim in invariant(world)]


PROMISES = {
    "nobody honest is signed out": Promise(
        claims.nobody_honest_is_refused, (claims.delays, claims.browser_holds_good_tokens), HASTY
    ),
    "a thief is found at the first possible moment": Promise(
        claims.a_thief_is_found,
        (
            claims.delays,
            claims.each_token_reached_one_side,
            claims.the_thief_has_what_is_his,
            claims.one_side_holds_good_tokens,
        ),
    ),
    "each token is handed out once": Promise(
        claims.each_token_is_handed_out_once, (claims.each_token_reached_one_side, claims.the_thief_has_what_is_his)
    ),
    "who uses a session goes on": Promise(claims.who_uses_it_goes_on, (claims.uses_are_noted,)),
    "the window is worth nothing lasting": Promise(claims.the_window_is_worth_nothing_lasting, steps=JUDGING),
    "who comes late is served": Promise(claims.who_comes_late_is_served, steps=JUDGING),
    "what is forgotten is reuse": Promise(claims.what_is_forgotten_is_reuse, steps=JUDGING),
    "what is over is over": Promise(claims.what_is_over_is_over, steps=JUDGING),
}


def prove(promise: Promise, step: Step, rule: Rule = OURS) -> int:
    """Return in how many ways a step can go; raises `BrokenError` where it breaks the invariant or the promise."""

    def take(run: Run) -> bool:
        world = within_the_bound(World(run, rule))
        any_moment(world)
        run.assume(*(claim for _, claim in promise.of(world)))
        judged = step(world)
        kept = [] if judged is None else promise.promises(judged, world)
        run.prove([*promise.of(world), *kept])
        return run.values() is not None

    return sum(is_possible for _, is_possible in every_run(take))


def prove_start(promise: Promise, rule: Rule = OURS) -> int:
    """Prove that the invariant is true at sign-in; return of how many rows."""

    def begin(run: Run) -> bool:
        world = within_the_bound(World(run, rule))
        sign_in(world)
        run.prove(promise.of(world))
        return run.values() is not None

    return sum(is_possible for _, is_possible in every_run(begin))


def within_the_bound(world: World) -> World:
    """Assume that messages are no slower than the start check says that they may be."""
    slowest = world.request + world.answer + world.flush
    world.run.assume(slowest <= left_for_messages(world.window, wrong_by=world.error))
    return world


_FIRST: tuple[Step, ...] = (steps.a_tab_sends, steps.a_request_is_judged_once, steps.time_passes)
_LAST: tuple[Step, ...] = (
    steps.time_passes,
    steps.a_request_is_judged_once,
    steps.answers_are_lost,
    steps.time_passes,
    steps.a_tab_sends,
    steps.a_request_is_judged_once,
)
A_SLOW_TAB: tuple[Step, ...] = (
    *_FIRST,
    steps.a_tab_sends,
    steps.an_answer_arrives,
    steps.the_jar_is_written_to_disk,
    *_LAST,
)
A_CRASH: tuple[Step, ...] = (
    *_FIRST,
    steps.an_answer_arrives,
    steps.time_passes,
    steps.a_tab_sends,
    steps.the_browser_crashes,
    *_LAST,
)
"""What must happen, in this order, for an honest browser to be taken for a thief."""


def find_run(script: Sequence[Step], *, rule: Rule = OURS, **lengths: float) -> dict[str, float] | None:
    """Return when it was after each step of a run that ends with an honest browser taken for a thief, if there is one.

    The steps are given, and how long the longest of everything is; the solver finds the delays.
    """

    def go(run: Run) -> dict[str, float] | None:
        world = World(run, rule)
        run.assume(*(getattr(world, name) == length for name, length in lengths.items()))
        sign_in(world)
        times, judged = {}, None
        for number, step in enumerate(script):
            judged = step(world)
            times[f"{number} {step.__name__}"] = world.now
        return run.values(**times) if judged is not None and judged.verdict is Verdict.REUSE else None

    return next((times for _, times in every_run(go) if times), None)


def broken_promises(rule: Rule) -> Iterator[str]:
    """Return which claims a rule breaks; the steps that do not ask the rule are left out."""
    asking = (steps.a_request_is_judged, steps.the_thief_presents, steps.an_access_token_is_renewed_in_a_header)
    shortest_first = sorted(PROMISES.values(), key=lambda promise: len(promise.invariants))
    for _, alike in groupby(shortest_first, key=lambda promise: (promise.invariants, promise.steps)):
        promise = together(tuple(alike))
        for step in filter(promise.steps.__contains__, asking):
            try:
                prove(promise, step, rule)
            except BrokenError as broken:
                yield str(broken)
            except (TypeError, NameError, ValueError, AttributeError, z3.Z3Exception) as error:
                yield type(error).__name__


def together(promises: Sequence[Promise]) -> Promise:
    """Make one of promises that stand on the same: each way that a step can go is gone once for all of them."""

    def all_of_them(judged: Judged, world: World) -> Iterable[Claim]:
        return chain.from_iterable(promise.promises(judged, world) for promise in promises)

    return replace(promises[0], promises=all_of_them)


def does_the_same(rule: Rule) -> bool:
    """Say whether a rule does what ours does, with any row, token and times."""

    def compare(run: Run) -> bool:
        row, token, fresh = any_row(run), run.number("token", whole=True), run.number("fresh", whole=True)
        now, window = run.number("now"), run.number("window")
        ours, theirs = (each.judge(row, token, now=now, window=window) for each in (OURS, rule))
        alive = {bool(each.is_alive(row, now)) for each in (OURS, rule)}
        if ours is not theirs or len(alive) > 1 or ours not in MOVING:
            return ours is theirs and len(alive) == 1
        after = [each.step(row, ours, fresh=fresh, now=now, idle_expires_at=now) for each in (OURS, rule)]
        return after[0] == after[1]

    return all(is_same for _, is_same in every_run(compare))
