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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Literal, NamedTuple, Protocol

from flask_renewal import rotation
from flask_renewal.rotation import Chain, Verdict

NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)
"""Every judgement is made at this moment; instead of the clock, the last rotation moves away."""
NEVER = NOW + timedelta(days=365)
TICK = timedelta(seconds=1)

Side = Literal["browser", "thief"]
BOTH: frozenset[Side] = frozenset({"browser", "thief"})


class Judge(Protocol):
    def __call__(self, chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict: ...


class Step(Protocol):
    def __call__(
        self, chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime
    ) -> Chain: ...


@dataclass(frozen=True)
class Rule:
    judge: Judge = rotation.judge
    step: Step = rotation.step


@dataclass(frozen=True, kw_only=True)
class World:
    """How large the world is, and which rule governs it; lengths of time are in ticks."""

    rule: Rule = Rule()
    window: int = 3
    request: int = 0
    """The longest that a request is under way to the moment it is judged."""
    answer: int = 0
    """The longest that an answer is under way from that moment."""
    together: int | None = None
    """The longest that a request and its answer are under way together, where that is bounded too."""
    tabs: int = 3
    sends: int = 5
    losses: int = 2
    crashes: int = 0
    flush: int = 0
    """The longest that a cookie stays in memory before it is on disk."""
    thefts: int = 0
    """How often the thief presents a token."""
    hasty: bool = False
    """The thief acts inside the quiet window only."""


class Row(NamedTuple):
    superseded: str | None
    current: str | None
    next: str
    age: int
    """Ticks since the last rotation, at most one more than the window."""


class Message(NamedTuple):
    kind: Literal["request", "orphan", "answer"]
    """An orphan is a request whose browser crashed: still judged, but nobody hears the answer."""
    token: str
    age: int = 0
    before: int = 0
    """Of an answer: how long its request was under way, where the two are bounded together."""


class State(NamedTuple):
    row: Row
    sends: int
    losses: int
    crashes: int
    thefts: int
    jar: str = "next"
    disk: str | None = None
    """What a crash would bring back; `None` while the jar is on disk."""
    unflushed: int = 0
    messages: tuple[Message, ...] = ()
    loot: frozenset[str] = frozenset()
    """The tokens that the thief has: his copy of the jar, and what he was handed."""
    renewed: frozenset[Side] = frozenset()
    """The sides that have received a new token since the copy was made."""
    survivor: Side | None = None
    """Who was handed a token first after both sides had received one."""
    ended: bool = False


class Judged(NamedTuple):
    """What became of one presented token."""

    verdict: Verdict
    outside: bool
    """More than the window had passed since the last rotation."""
    row: Row
    names: dict[str | None, str]
    """The part each token plays now, by what it was called before; empty when nothing was written."""
    repeated: bool = False
    """The answer carries a token that another answer has carried before."""

    @property
    def handed(self) -> bool:
        """Say whether the answer carries a token; it is the row's `next`."""
        return bool(self.names)


class Move(NamedTuple):
    what: str
    state: State
    broken: str | None = None
    judged: tuple[Side, Verdict] | None = None


Promise = Callable[[State, Side, Judged], str | None]


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


# What can happen next.


def moves_from(world: World, state: State, promise: Promise) -> Iterator[Move]:
    if state.ended:
        return
    yield from time_passes(world, state)
    yield from a_tab_sends(world, state)
    for message in dict.fromkeys(state.messages):
        rest = state._replace(messages=without(state.messages, message))
        if message.kind == "answer":
            yield the_answer_arrives(rest, message)
        else:
            yield the_server_judges(world, rest, message, promise)
        if state.losses:
            yield Move(f"the {message.kind} with {message.token} is lost", rest._replace(losses=state.losses - 1))
    yield from the_browser_flushes_or_crashes(state)
    yield from the_thief_acts(world, state, promise)


def time_passes(world: World, state: State) -> Iterator[Move]:
    """Let one tick pass, unless something is due in this one or a tick more would make no difference."""
    due = any(is_due(world, message) for message in state.messages)
    due = due or (state.disk is not None and state.unflushed == world.flush)
    long_ago = state.row.age > world.window
    if due or (long_ago and not state.messages and state.disk is None):
        return
    yield Move(
        "a tick passes",
        state._replace(
            row=state.row if long_ago else state.row._replace(age=state.row.age + 1),
            messages=tuple(message._replace(age=message.age + 1) for message in state.messages),
            unflushed=state.unflushed + (state.disk is not None),
        ),
    )


def is_due(world: World, message: Message) -> bool:
    limit = world.answer if message.kind == "answer" else world.request
    return message.age == limit or message.age + message.before == world.together


def a_tab_sends(world: World, state: State) -> Iterator[Move]:
    if state.sends and sum(message.kind != "orphan" for message in state.messages) < world.tabs:
        messages = including(state.messages, Message("request", state.jar))
        yield Move(f"a tab sends {state.jar}", state._replace(sends=state.sends - 1, messages=messages))


def the_server_judges(world: World, state: State, request: Message, promise: Promise) -> Move:
    judged = present(world.rule, world.window, state.row, request.token)
    after = settle(state, "browser", judged)
    if judged.handed and request.kind == "request":
        before = 0 if world.together is None else request.age
        after = after._replace(messages=including(after.messages, Message("answer", "next", before=before)))
    return report("browser", request.token, judged, after, promise(state, "browser", judged))


def the_answer_arrives(state: State, answer: Message) -> Move:
    after = state._replace(jar=answer.token)
    if state.crashes and state.disk is None:
        after = after._replace(disk=state.jar, unflushed=0)
    if state.loot:
        after = after._replace(renewed=state.renewed | {"browser"})
    return Move(f"the answer with {answer.token} arrives", after)


def the_browser_flushes_or_crashes(state: State) -> Iterator[Move]:
    """Bring the jar to disk, or lose it with everything that the tabs were waiting for."""
    if state.disk is None or not state.crashes:
        return
    yield Move("the jar is written to disk", state._replace(disk=None, unflushed=0))
    orphans = tuple(sorted(m._replace(kind="orphan") for m in state.messages if m.kind != "answer"))
    restarted = state._replace(jar=state.disk, disk=None, unflushed=0, messages=orphans, crashes=state.crashes - 1)
    yield Move(f"the browser crashes and is back at {state.disk}", restarted)


def the_thief_acts(world: World, state: State, promise: Promise) -> Iterator[Move]:
    """Copy the jar, once; or present any of the loot and be answered at once, since to wait is his own choice."""
    if not state.thefts:
        return
    if not state.loot:
        yield Move(f"the thief copies {state.jar}", state._replace(loot=frozenset({state.jar})))
    if world.hasty and state.row.age > world.window:
        return
    for token in sorted(state.loot):
        judged = present(world.rule, world.window, state.row, token)
        after = settle(state, "thief", judged)._replace(thefts=state.thefts - 1)
        if judged.handed:
            after = after._replace(loot=after.loot | {"next"}, renewed=after.renewed | {"thief"})
        yield report("thief", token, judged, after, promise(state, "thief", judged))


def without(messages: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    at = messages.index(message)
    return messages[:at] + messages[at + 1 :]


def including(messages: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    return tuple(sorted((*messages, message)))


# What a presented token does.


@cache
def present(rule: Rule, window: int, row: Row, token: str) -> Judged:
    """Ask the rule itself; it is pure, so it need be asked but once about the same row and token."""
    before = Chain(
        superseded=row.superseded,
        current=row.current,
        next=row.next,
        rotated_at=NOW - row.age * TICK,
        idle_expires_at=NEVER,
        expires_at=None,
    )
    verdict = rule.judge(before, token, now=NOW, window=window * TICK)
    outside = row.age > window
    if verdict not in (Verdict.ROTATE, Verdict.REPLACE):
        return Judged(verdict, outside, row, {})
    after = rule.step(before, verdict, fresh="fresh", now=NOW, idle_expires_at=NEVER)
    names: dict[str | None, str] = {after.next: "next"}
    for token_id, part in ((after.current, "current"), (after.superseded, "superseded")):
        if token_id is not None:
            names.setdefault(token_id, part)
    age = min((NOW - after.rotated_at) // TICK, window + 1)
    row = Row(names.get(after.superseded), names.get(after.current), "next", age)
    return Judged(verdict, outside, row, names, repeated=after.next != "fresh")


def settle(state: State, side: Side, judged: Judged) -> State:
    """Return the state once `judged` is written down, with every token called by its new part."""
    if not judged.handed:
        return state._replace(ended=judged.verdict is Verdict.REUSE)

    def name(token: str) -> str:
        return judged.names.get(token, "unknown")

    return state._replace(
        row=judged.row,
        jar=name(state.jar),
        disk=None if state.disk is None else name(state.disk),
        messages=tuple(sorted(message._replace(token=name(message.token)) for message in state.messages)),
        loot=frozenset(map(name, state.loot)),
        survivor=state.survivor or (side if state.renewed == BOTH else None),
    )


def report(side: Side, token: str, judged: Judged, after: State, broken: str | None) -> Move:
    what = f"the {side} is judged on {token}: {judged.verdict.value}"
    if judged.repeated:
        broken = "a token was handed out twice"
    return Move(what, after, broken, (side, judged.verdict))


# What is promised.


def no_honest_refresh_is_refused(state: State, side: Side, judged: Judged) -> str | None:
    """Promise the browser that it is never judged `REUSE`, and is handed a token whenever the window has passed.

    The second half says that a lost answer has no deadline: one tick past the window stands for any length of time.
    """
    if judged.verdict is Verdict.REUSE:
        return "an honest refresh was refused"
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
