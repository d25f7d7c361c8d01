"""Any moment in the life of a session, around the real `judge` and `step`.

A world is one session at one moment: its row, the browser that signed in, and whoever copied that browser's cookies.
All its numbers are unknown, so one world stands for all. There may be any number of tabs, of requests and answers under
way, and of tokens that the thief has: what is claimed of all of them is claimed of any few, so a few stand for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace
from typing import Any, Literal

from symbolic import Run, Value

from flask_renewal import rotation
from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.sessions.grants import Origin, Terms
from flask_renewal.identity.sessions.new_session import new_session
from flask_renewal.identity.users.people import Person
from flask_renewal.rotation import Chain, Verdict
from flask_renewal.stores.base import LONG_AGO

Side = Literal["browser", "thief"]
MOVING = (Verdict.ROTATE, Verdict.REPLACE)


@dataclass(frozen=True)
class Rule:
    judge: Callable[..., Verdict] = rotation.judge
    step: Callable[..., Chain] = rotation.step
    is_alive: Callable[..., bool] = rotation.is_alive


@dataclass(frozen=True)
class Request:
    token: Value
    sent_at: Value
    is_there: Value


@dataclass(frozen=True)
class Answer:
    token: Value
    made_at: Value
    is_there: Value


@dataclass(frozen=True)
class Loot:
    """A token that the thief has."""

    token: Value
    is_his: bool
    """He was handed it; else it is copied."""
    is_there: Value


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One presented token, the row that it met, and what became of it."""

    who: Side
    token: Value
    at: Value
    """By the clock of the server that judged."""
    before: Chain
    verdict: Verdict
    after: Chain
    survives: dict[Side, Value]
    """Which side was the only one left, before that."""
    used_at: Value
    """When the session was used last, before that."""

    @property
    def was_handed(self) -> bool:
        return self.verdict in MOVING


class World:
    """Times are in seconds, by a clock that is right; those in the row are of servers wrong by up to `error`."""

    def __init__(self, run: Run, rule: Rule) -> None:
        self.run, self.rule = run, rule
        self.request, self.answer, self.flush = map(run.number, ("request", "answer", "flush"))
        """The longest that each is under way; `flush`, from the cookie jar to the disk."""
        self.window, self.error, self.idle = map(run.number, ("window", "error", "idle"))
        run.assume(*(length >= 0 for length in (self.request, self.answer, self.flush, self.error, self.idle)))
        self.now, self.moved_at, self.used_at, self.landed_at = map(run.number, ("now", "moved", "used", "landed"))
        self.issued, self.jar, self.disk = (run.number(name, whole=True) for name in ("issued", "jar", "disk"))
        """How many tokens there have been; they are numbered as they are made."""
        self.row: Chain
        self.requests: list[Request] = []
        self.answers: list[Answer] = []
        self.loot: list[Loot] = []
        self.is_copied, self.jar_is_new, self.disk_is_new = map(run.truth, ("copied", "jar_new", "disk_new"))
        """Whether the thief has copied the jar, and whether what it holds, or the disk, was received since."""
        self.survives: dict[Side, Value] = {"browser": run.truth("browser"), "thief": run.truth("thief")}

    def judge(self, who: Side, token: Value) -> Judged:
        """Let a server judge a token, and do what the rule says."""
        at = self.now + self.wrong()
        before, survives, used_at = self.row, self.survives, self.used_at
        verdict = self.rule.judge(before, token, now=at, window=self.window)
        if verdict in MOVING:
            fresh, idle_expires_at = self.issued + 1, at + self.idle
            self.row = self.rule.step(before, verdict, fresh=fresh, now=at, idle_expires_at=idle_expires_at)
            self.issued, self.moved_at, self.used_at = fresh, self.now, self.now
        elif verdict is Verdict.REUSE:
            self.row = replace(before, ended_at=at)
        return Judged(
            who=who,
            token=token,
            at=at,
            before=before,
            verdict=verdict,
            after=self.row,
            survives=survives,
            used_at=used_at,
        )

    def wrong(self) -> Value:
        """Return how far the clock of some server is ahead."""
        wrong = self.run.number("wrong")
        self.run.assume(wrong <= self.error, self.error + wrong >= 0)
        return wrong


def any_moment(world: World) -> None:
    """Make it any moment, with as many of everything, or fewer, as any claim or step speaks of."""
    run = world.run
    world.row = any_row(run)
    world.requests = [Request(_token(run), run.number("sent"), run.truth("there")) for _ in range(2)]
    world.answers = [Answer(_token(run), run.number("made"), run.truth("there")) for _ in range(3)]
    world.loot = [Loot(_token(run), is_his, run.truth("there")) for is_his in (False, True)]


def _token(run: Run) -> Value:
    return run.number("token", whole=True)


def any_row(run: Run) -> Chain:
    """Return a row of any tokens and times: of a session that just began, rotated once, or more often."""
    superseded, current, newest = (run.number(name, whole=True) for name in ("superseded", "current", "next"))
    past = run.choose([(None, None), (None, current), (superseded, current)])
    rotated_at, idle_expires_at = run.number("rotated"), run.number("idle_end")
    ends = [(None, None), (run.number("end"), None), (None, run.number("ended"))]
    expires_at, ended_at = run.choose(ends)
    return Chain(
        superseded=past[0],
        current=past[1],
        next=newest,
        rotated_at=rotated_at,
        idle_expires_at=idle_expires_at,
        expires_at=expires_at,
        ended_at=ended_at,
    )


def sign_in(world: World) -> None:
    """Make it the moment when the first token is in the jar and on disk; the row is as `new_session` makes it."""
    at, run = world.now + world.wrong(), world.run
    remember, sliding, lifetime = run.choose([(True, True, run.number("life")), (False, False, None)])
    settings: Any = SimpleNamespace(
        idle_timeout=world.idle, short_idle_timeout=world.idle, session_lifetime=lifetime, sliding=sliding
    )
    ambient: Any = Ambient(now=lambda: at, new_id=lambda: world.issued)
    session = new_session(Person(id="u"), Origin(remember=remember), Terms(), settings, ambient)
    assert session.rotated_at == LONG_AGO
    names = (each.name for each in fields(Chain))
    world.row = replace(Chain(**{name: getattr(session, name) for name in names}), rotated_at=run.number("long_ago"))
    world.moved_at, world.used_at, world.jar = world.row.rotated_at, world.now, session.next
    run.assume(world.moved_at + world.answer + world.window + world.error <= world.now)
    world.disk, world.landed_at = world.jar, world.moved_at
    run.assume(*(~each for each in (world.is_copied, world.jar_is_new, world.disk_is_new, *world.survives.values())))
