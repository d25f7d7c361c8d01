"""Rows at every boundary that the rule knows, and what `judge` and `step` make of each."""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from flask_renewal.rotation import Verdict, is_alive, judge, step
from flask_renewal.stores.base import Session, Use
from flask_renewal.testing.store_suite.moves import a_session

INSTANT, DAY, WINDOW = timedelta(microseconds=1), timedelta(days=1), timedelta(seconds=60)
MOMENTS = tuple(
    datetime.fromisoformat(f"{moment}+00:00")
    for moment in (
        "2030-01-01T12:00:00",
        "2028-02-29T23:59:59.999999",
        "2026-03-29T01:00:00",  # clocks go forward in Europe
        "2026-10-25T01:00:00.000001",  # and back
        "2026-03-08T07:00:00",  # the same in New York
        "2026-11-01T06:00:00.000001",
        "2025-12-31T23:59:59.999999",
        "2026-01-01T00:00:00",
        "2038-01-19T03:14:08",  # past 32 bits
        "2026-07-01T10:20:30.100000",
        "2026-06-30T23:59:59.500000",
        "2100-02-28T23:59:59.999999",
        "1999-12-31T23:59:59.999999",
        "2026-05-05T05:05:05.050505",
    )
)
CHAINS = (
    (None, None, "one"),
    (None, "one", "two"),
    ("one", "two", "three"),
    ("three", "two", "one"),
    ("Two", "two", "TWO"),
    ("one_", "one", "_one"),
)
PRESENTED = ("one", "two", "three", "Two", "TWO", "one_", "_one", "fresh", "other", "")
SINCE = (-DAY, -INSTANT, timedelta(0), WINDOW - INSTANT, WINDOW, WINDOW + INSTANT, 400 * DAY)
LEFT = (-DAY, -INSTANT, timedelta(0), INSTANT, DAY)
FRESH = "a fresh id"
ENDED = (None, -DAY, timedelta(0))


BOUNDARIES: tuple[tuple[Any, ...], ...] = (CHAINS, SINCE, LEFT, (None, *LEFT), ENDED, (True, False), PRESENTED)
ALL_CASES = len(MOMENTS) * math.prod(map(len, BOUNDARIES))

CHAIN = ("superseded", "current", "next", "rotated_at", "idle_expires_at")
STATE = (*CHAIN, "last_used_at", "ended_at", "ended_reason", "device")
State = tuple[str | datetime | None, ...]
DEVICE, REASON, OWNER = "another device", "a reason", "alice"


_state_of = attrgetter(*STATE)


@dataclass(frozen=True, slots=True)
class Case:
    """One token, presented to one row at one moment."""

    session: Session
    presented: str
    now: datetime

    @property
    def use(self) -> Use:
        return Use.at(self.now, idle=7 * DAY, short_idle=DAY / 2)

    def moved_on(self) -> State:
        """Return the row as the rule says that a refresh leaves it."""
        session, idle = self.session, self.use.idle_for(self.session)
        verdict = judge(session, self.presented, now=self.now, window=WINDOW)
        if verdict in (Verdict.ROTATE, Verdict.REPLACE):
            moved = step(session, verdict, fresh=FRESH, now=self.now, idle_expires_at=idle)
            return state(replace(moved, last_used_at=self.now))
        return state(session)

    def used(self) -> State:
        """Return the row as the rule says that another use leaves it."""
        return self._while_alive(idle_expires_at=self.use.idle_for(self.session), last_used_at=self.now)

    def ended(self) -> State:
        """Return the row as its owner's ending leaves it."""
        return self._while_alive(self._is_owners(), ended_at=self.now, ended_reason=REASON)

    def renamed(self) -> State:
        """Return the row as another name of the device leaves it, which its owner gives."""
        return self._while_alive(self._is_owners(), device=DEVICE)

    def _is_owners(self) -> bool:
        return self.session.user_id == OWNER

    def _while_alive(self, may_be: bool = True, **changes: Any) -> State:
        return state(replace(self.session, **changes) if may_be and self.is_alive() else self.session)

    def is_alive(self) -> bool:
        return is_alive(self.session, self.now)

    def is_over(self) -> bool:
        """Say whether the rule holds it for expired, ended or not."""
        verdict = judge(replace(self.session, ended_at=None), self.presented, now=self.now, window=WINDOW)
        return verdict is Verdict.EXPIRED


def state(session: Any) -> State:
    """Return what a move may change; rows of a database have it, too."""
    return _state_of(session)  # type: ignore[no-any-return]


def cases(moments: Iterable[datetime] = MOMENTS, *, every: int = 1) -> Iterator[Case]:
    """Return every combination of the boundaries at these moments, or one in so many of them."""
    combinations = itertools.product(moments, list(itertools.product(*BOUNDARIES)))
    for number, (now, row) in enumerate(itertools.islice(combinations, 0, None, every)):
        (superseded, current, newest), since, idle, absolute, ended, remember, presented = row
        session = a_session(
            str(number),
            user_id=OWNER if number % 7 else "somebody else",
            superseded=superseded,
            current=current,
            next=newest,
            remember=remember,
            rotated_at=now - since,
            last_used_at=now - since,
            idle_expires_at=now + idle,
            expires_at=None if absolute is None else now + absolute,
            ended_at=None if ended is None else now + ended,
        )
        yield Case(session, presented, now)
