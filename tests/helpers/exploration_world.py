"""The values of a small world around the rotation rule: how large it is, its states, and the moves between them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
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
