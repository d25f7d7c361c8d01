"""What the rotation rule promises, and for each promise why: what is true at sign-in and stays true whatever happens.

An invariant claims things of any world; a promise claims things of any presented token. Both are sentences with
formulas, and read as "for every request, answer and token that there may be".
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import combinations, product
from operator import or_
from typing import Any

from proof_world import Judged, World
from symbolic import Value, implies

from flask_renewal.rotation import Verdict

Claim = tuple[str, "Value | bool"]


def one_of(token: Value, ids: Iterable[Any]) -> Any:
    """Claim that a token is among these; ``None`` is the id of none."""
    return reduce(or_, [token == each for each in ids if each is not None])


def good(world: World) -> tuple[Any, Any]:
    """Return the ids for which another token is handed out."""
    return world.row.next, world.row.current


# What clocks and networks can do, of which nothing depends on the rule.


def delays(world: World) -> Iterator[Claim]:
    settled = world.moved_at + world.answer + world.flush
    yield "what the row says of its last move is wrong by a clock's error", near(world)
    yield "nothing is of the future", (world.moved_at <= world.now) & (world.landed_at <= world.now)
    yield "the jar changes only while an answer may be under way", world.landed_at <= world.moved_at + world.answer
    is_in_time = world.now <= world.landed_at + world.flush
    yield "the jar is on disk in time", (world.disk == world.jar) | is_in_time
    for request in world.requests:
        is_settled = (request.sent_at <= settled) | (request.token == world.jar)
        yield "what was sent when all was settled holds what the jar does", implies(request.is_there, is_settled)
        is_under_way = within(request.sent_at, world, world.request)
        yield "a request is not under way for longer", implies(request.is_there, is_under_way)
    for answer in world.answers:
        is_in_time = within(answer.made_at, world, world.answer) & (answer.made_at <= world.moved_at)
        yield "nor is an answer, and it was made when the row moved", implies(answer.is_there, is_in_time)


def near(world: World) -> Value:
    apart = world.row.rotated_at - world.moved_at
    return (apart <= world.error) & (apart + world.error >= 0)


def within(since: Value, world: World, longest: Value) -> Value:
    return (since <= world.now) & (world.now <= since + longest)


# 1 and 4. Nobody honest is signed out, crashes included.


def browser_holds_good_tokens(world: World) -> Iterator[Claim]:
    yield "the jar holds next or current", one_of(world.jar, good(world))
    yield "so does the disk", one_of(world.disk, good(world))
    for request in world.requests:
        yield "so does every request under way", implies(request.is_there, one_of(request.token, good(world)))
    for answer in world.answers:
        is_last = (answer.token == world.row.next) & (answer.made_at == world.moved_at)
        yield "an answer with a token holds next, and was made at the last move", implies(answer.is_there, is_last)


def nobody_honest_is_refused(judged: Judged, world: World) -> Iterator[Claim]:
    if judged.who == "browser":
        yield "an honest refresh is not taken for theft", judged.verdict is not Verdict.REUSE
        is_due = alive(judged) & outside(judged, world)
        yield "and is handed a token whenever the window has passed", implies(is_due, judged.was_handed)


# 2. A thief is found at the first possible moment.


def each_token_reached_one_side(world: World) -> Iterator[Claim]:
    held = [world.jar, world.disk]
    yield "what is received since the copy is in the jar first", world.disk_is_new >> world.jar_is_new
    yield "and there was a copy", world.jar_is_new >> world.is_copied
    for token in (*held, world.row.next):
        yield "what is known was made", token <= world.issued
    for request in world.requests:
        yield "what is sent was made", implies(request.is_there, request.token <= world.issued)
    for answer in world.answers:
        is_new = (answer.token <= world.issued) & ~one_of(answer.token, held)
        yield "what an answer holds was made and is not in the jar", implies(answer.is_there, is_new)
    for answer, request in product(world.answers, world.requests):
        yield "nor was it ever sent", both(answer, request) >> (answer.token != request.token)
    for one, other in combinations(world.answers, 2):
        yield "no two answers hold the same", both(one, other) >> (one.token != other.token)


def the_thief_has_what_is_his(world: World) -> Iterator[Claim]:
    for loot in world.loot:
        his = loot.token
        yield (
            "what the thief has was made, and he has copied",
            implies(loot.is_there, world.is_copied & (his <= world.issued)),
        )
        is_not_shared = (world.jar_is_new >> (world.jar != his)) & (world.disk_is_new >> (world.disk != his))
        yield "what the browser received since the copy he has not", implies(loot.is_there, is_not_shared)
        if loot.is_his:
            is_unknown = (world.jar != his) & (world.disk != his)
            yield "what he was handed the browser has not", implies(loot.is_there, is_unknown)
    for loot, answer in product(world.loot, world.answers):
        yield "what he has is in no answer to the browser", both(loot, answer) >> (loot.token != answer.token)
    for loot, request in product(world.loot, world.requests):
        yield (
            "what he was handed is in no request of it",
            implies(loot.is_his, both(loot, request) >> (loot.token != request.token)),
        )


def one_side_holds_good_tokens(world: World) -> Iterator[Claim]:
    browser, thief = world.survives["browser"], world.survives["thief"]
    yield "one side is left at most, and only where there is a thief", ~(browser & thief)
    yield "and only where there is a thief", (browser | thief) >> world.is_copied
    for loot in world.loot:
        yield (
            "if it is the browser, all that the thief has is dead",
            implies(loot.is_there, browser >> is_dead(loot.token, world)),
        )
    for thing in (*world.requests, *world.answers):
        yield (
            "if it is the thief, all that is under way is dead",
            implies(thing.is_there, thief >> is_dead(thing.token, world)),
        )
    for token in (world.jar, world.disk):
        yield "and all that the browser has", thief >> is_dead(token, world)


def is_dead(token: Value, world: World) -> Any:
    return ~one_of(token, good(world))


def both(one: Any, other: Any) -> Any:
    """Claim that there are both."""
    return one.is_there & other.is_there


def a_thief_is_found(judged: Judged, world: World) -> Iterator[Claim]:
    is_out = judged.survives["thief" if judged.who == "browser" else "browser"]
    yield "who does not survive is never handed a token again", implies(is_out, not judged.was_handed)
    is_found = is_out & alive(judged) & outside(judged, world)
    yield "and found at the first token outside the window", implies(is_found, judged.verdict is Verdict.REUSE)


# Ends.


def uses_are_noted(world: World) -> Iterator[Claim]:
    least = world.used_at + world.idle
    yield "a use pushes the idle end forward", world.row.idle_expires_at + world.error >= least


def who_uses_it_goes_on(judged: Judged, world: World) -> Iterator[Claim]:
    was_used = judged.at + world.error < judged.used_at + world.idle
    is_early = True if judged.before.expires_at is None else judged.at < judged.before.expires_at
    is_over = judged.verdict is Verdict.EXPIRED
    yield "a session that is used is not expired before its absolute end", implies(was_used & is_early, not is_over)


# What holds of any row and any token, whatever came before.


def the_window_is_worth_nothing_lasting(judged: Judged, world: World) -> Iterator[Claim]:
    yield "inside the window nobody is handed a token", outside(judged, world) | (not judged.was_handed)
    if not judged.was_handed:
        yield "where nobody is handed one the row does not move on", refuses_to_move(judged, world)


def refuses_to_move(judged: Judged, world: World) -> bool:
    try:
        world.rule.step(judged.before, judged.verdict, fresh=judged.token, now=judged.at, idle_expires_at=judged.at)
    except ValueError:
        return True
    return False


def who_comes_late_is_served(judged: Judged, world: World) -> Iterator[Claim]:
    before, after = judged.before, judged.after
    is_late = is_known(judged) & ~outside(judged, world) & alive(judged)
    yield "inside the window each token of the row is quiet", implies(is_late, judged.verdict is Verdict.QUIET)
    if judged.was_handed:
        good_before = [token for token in (before.next, before.current) if token is not None]
        for token in good_before:
            kept = one_of(token, [after.next, after.current, after.superseded])
            yield "what was good a moment ago is served through the window that begins", kept


def what_is_forgotten_is_reuse(judged: Judged, world: World) -> Iterator[Claim]:
    is_forgotten = alive(judged) & ~is_known(judged)
    yield "a token that the row has forgotten ends the session", implies(is_forgotten, judged.verdict is Verdict.REUSE)


def what_is_over_is_over(judged: Judged, world: World) -> Iterator[Claim]:
    before, after, verdict = judged.before, judged.after, judged.verdict
    was_ended = before.ended_at is not None
    yield "what was ended is ended, for everybody", was_ended == (verdict is Verdict.ENDED)
    yield "what has come to its end is expired", implies(not was_ended, alive(judged) != (verdict is Verdict.EXPIRED))
    yield "all else is alive", alive(judged) == world.rule.is_alive(before, judged.at)
    yield "no move changes the absolute end", before.expires_at is after.expires_at


def each_token_is_handed_out_once(judged: Judged, world: World) -> Iterator[Claim]:
    if judged.was_handed:
        yield "what is handed out is new", judged.after.next == world.issued
        yield "it was handed out for what is current now", judged.token == judged.after.current


# The words of the promises.


def alive(judged: Judged) -> Any:
    """Claim that neither end has come."""
    row, absolute = judged.before, judged.before.expires_at
    is_early = (judged.at < row.idle_expires_at) & (absolute is None or judged.at < absolute)
    return is_early & (row.ended_at is None)


def outside(judged: Judged, world: World) -> Any:
    """Claim that the quiet window had passed, by the clocks of the servers."""
    return judged.at - judged.before.rotated_at > world.window


def is_known(judged: Judged) -> Any:
    row = judged.before
    return one_of(judged.token, [row.next, row.current, row.superseded])
