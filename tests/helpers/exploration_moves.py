"""What can happen next in a small world around the rotation rule, and what a presented token does to it."""

from collections.abc import Iterator
from functools import cache

from exploration_world import BOTH, NEVER, NOW, TICK, Judged, Message, Move, Promise, Row, Rule, Side, State, World

from flask_renewal.rotation import Chain, Verdict


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
