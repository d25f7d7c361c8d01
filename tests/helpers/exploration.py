"""Explore every run of a small world around the rotation rule, and report the first run that breaks a promise.

The world: a browser whose tabs share one cookie jar, a server with one session row, and perhaps a thief who copies the
jar once. Time goes in ticks, and whatever falls into one tick happens in every order. A request carries what the jar
held when it was sent; an answer that carries a token overwrites the jar when it arrives, however late that is. The
server judges one request at a time, by one clock; that its stores do so is for their own tests to show.

The search is breadth first, so the run it reports is a shortest one. Three reductions keep it small; none hides a run
that could matter:

* Tokens go by the part they play in the row (`next`, `current`, `superseded`, else `unknown`). A token that the row has
  forgotten never comes back, so all forgotten ones are alike.
* The time since the last rotation is counted up to one tick past the window, since no rule here sees a difference
  beyond it. That one tick therefore stands for any length of time.
* Tabs differ in nothing, so only the bag of messages under way is kept. An answer without a token changes nothing when
  it arrives and is dropped at once; that frees its tab early, which can only add runs.

The rule is an argument. By default it is the real one, which is called and not copied.
"""

from collections import Counter, deque
from dataclasses import dataclass

from exploration_moves import moves_from
from exploration_world import Judged, Promise, Row, Side, State, World

from flask_renewal.rotation import Verdict

REFUSED = "an honest refresh was refused"


@dataclass(frozen=True, kw_only=True)
class Exploration:
    states: int
    moves: int
    judged: Counter[tuple[Side, Verdict]]
    broken: str | None = None
    run: tuple[str, ...] = ()
    """The moves that led to the broken promise."""


def explore(world: World, promise: Promise) -> Exploration:
    """Visit every state of `world`; stop at the first presented token for which `promise` is broken."""
    start = begin(world)
    came_from: dict[State, tuple[State, str] | None] = {start: None}
    queue, judged, moves = deque([start]), Counter[tuple[Side, Verdict]](), 0
    while queue:
        state = queue.popleft()
        for move in moves_from(world, state, promise):
            moves += 1
            if move.judged:
                judged[move.judged] += 1
            if move.broken:
                run = (*retrace(came_from, state), move.what)
                return Exploration(states=len(came_from), moves=moves, judged=judged, broken=move.broken, run=run)
            if move.state not in came_from:
                came_from[move.state] = state, move.what
                queue.append(move.state)
    return Exploration(states=len(came_from), moves=moves, judged=judged)


def begin(world: World) -> State:
    """Return the state after a login: one token handed out and received, nothing rotated for a long time."""
    row = Row(superseded=None, current=None, next="next", age=world.window + 1)
    return State(row, world.sends, world.losses, world.crashes, world.thefts)


def retrace(came_from: dict[State, tuple[State, str] | None], state: State) -> tuple[str, ...]:
    run = []
    while step := came_from[state]:
        state, what = step
        run.append(what)
    return tuple(reversed(run))


def no_honest_refresh_is_refused(state: State, side: Side, judged: Judged) -> str | None:
    """Promise the browser that it is never judged `REUSE`, and is handed a token whenever the window has passed.

    The second half says that a lost answer has no deadline: one tick past the window stands for any length of time.
    """
    if judged.verdict is Verdict.REUSE:
        return REFUSED
    return "the window passed and no token was handed out" if judged.outside and not judged.handed else None


def only_one_side_lives_on(state: State, side: Side, judged: Judged) -> str | None:
    """Promise that browser and thief cannot both keep a session.

    Once each of them has received a new token since the copy was made, whoever is handed the next one is the survivor.
    The other is never handed a token again, and is judged `REUSE` at his first token outside the window.
    """
    if state.survivor in (None, side):
        return None
    if judged.handed:
        return "both sides keep being handed tokens"
    return "the copy goes unnoticed" if judged.outside and judged.verdict is not Verdict.REUSE else None


def nothing_is_handed_out_inside_the_window(state: State, side: Side, judged: Judged) -> str | None:
    """Promise that inside the window nobody, thief or not, is handed a refresh token."""
    return "a token was handed out inside the window" if judged.handed and not judged.outside else None
