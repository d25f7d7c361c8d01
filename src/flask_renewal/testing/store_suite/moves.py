"""What the tests of a store are made of: sessions in any state, and the moves that the use cases make."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ...rotation import Verdict, judge
from ...stores.base import LONG_AGO, Ending, Session, Store, Swap, Use

OpenStore = Callable[[], Store]

NOW = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)
WINDOW = timedelta(seconds=60)
IDLE = 7 * DAY
SHORT_IDLE = DAY / 2


def a_session(session_id: str, **changes: Any) -> Session:
    """Return a living session of alice's, started two days ago and never rotated, with these changes."""
    values: dict[str, Any] = {
        "id": session_id,
        "user_id": "alice",
        "device": None,
        "user_agent": None,
        "remember": True,
        "created_at": NOW - 2 * DAY,
        "last_used_at": NOW - 2 * DAY,
        "authenticated_at": NOW - 2 * DAY,
        "superseded": None,
        "current": None,
        "next": "one",
        "rotated_at": LONG_AGO,
        "idle_expires_at": NOW + 5 * DAY,
        "expires_at": NOW + 28 * DAY,
    }
    return Session(**{**values, **changes})


def put(store: Store, session: Session) -> Session:
    """Add a session in whatever state it is, and return it as the store should have it."""
    store.start(replace(session, ended_at=None, ended_reason=None), keep=1000)
    if session.ended_at is None:
        return session
    store.end(Ending(reason="test", now=session.ended_at, session_id=session.id))
    return replace(session, ended_reason="test")


def use(now: datetime = NOW) -> Use:
    """Return a use of a session with the suite's idle timeouts."""
    return Use.at(now, idle=IDLE, short_idle=SHORT_IDLE)


def swap(
    session_id: str, presented: str, *, verdict: Verdict = Verdict.ROTATE, fresh: str = "fresh", now: datetime = NOW
) -> Swap:
    """Return a compare-and-swap of a session with the suite's quiet window."""
    return Swap(session_id=session_id, verdict=verdict, presented=presented, fresh=fresh, window=WINDOW, use=use(now))


def present(store: Store, session_id: str, token: str, *, now: datetime, fresh: str) -> tuple[Verdict, str | None]:
    """Present a token as a refresh does; return the verdict and the token that is handed out, if one is."""
    if store.rotate(swap(session_id, token, fresh=fresh, now=now)):
        return Verdict.ROTATE, fresh
    for _ in range(3):
        session = store.find(session_id)
        if session is None:
            return Verdict.EXPIRED, None
        verdict = judge(session, token, now=now, window=WINDOW)
        if verdict is Verdict.REUSE:
            store.end(Ending(reason="reuse", now=now, session_id=session_id))
        if verdict not in (Verdict.ROTATE, Verdict.REPLACE):
            return verdict, None
        if store.rotate(swap(session_id, token, verdict=verdict, fresh=fresh, now=now)):
            return verdict, fresh
    raise AssertionError("the swap lost three times to others")
