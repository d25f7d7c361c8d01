"""The rotation rule: confirm on use, with a quiet window.

This module can do no I/O: values in, verdict out. Time and token ids are arguments, so that every store and the
exhaustive exploration in the tests run the very same function.

A session row remembers three token ids and one time. ``next`` was handed out last and has not been seen since,
``current`` was presented to get it, ``superseded`` is the one before. A browser proves that it received ``next``
by presenting it; only then does the row move on. Every value of ``next`` is handed out in exactly one response.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum


class Verdict(Enum):
    """What a presented refresh token means for its session."""

    ROTATE = "rotate"
    """The newest token: it becomes current and a new one is handed out."""
    REPLACE = "replace"
    """Its successor was handed out but never seen again, so it was lost: hand out another one."""
    QUIET = "quiet"
    """Another request was faster: a new access token, no refresh token, nothing written."""
    REUSE = "reuse"
    """Two parties hold tokens of this session: end it (RFC 9700 §4.14.2)."""
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """The part of a session row that the rule reads: its last three token ids, and its ends."""

    superseded: str | None
    current: str | None
    next: str
    rotated_at: datetime
    idle_expires_at: datetime
    expires_at: datetime | None
    """Absolute end; ``None`` where sessions have no absolute lifetime."""
    ended_at: datetime | None = None


def judge(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    """Judge the token id `presented` at `now`; whatever is within `window` of the last rotation is quiet.

    Honest tabs are never judged ``REUSE``, whatever is lost, as long as the longest that any request is under way and
    the longest that any answer is under way are together no more than `window`: with 60 seconds, no trouble before
    a round trip of 30. The bound is exact. A thief who copied the jar gets at most an access token inside `window`;
    once both sides have been handed a token since, only one of them ever is again, and the first token that the other
    presents outside `window` ends the session.
    """
    if chain.ended_at is not None:
        return Verdict.ENDED
    if not is_alive(chain, now):
        return Verdict.EXPIRED
    if presented not in (chain.next, chain.current, chain.superseded):
        return Verdict.REUSE
    if now - chain.rotated_at <= window:
        return Verdict.QUIET
    if presented == chain.next:
        return Verdict.ROTATE
    return Verdict.REPLACE if presented == chain.current else Verdict.REUSE


def is_alive(chain: Chain, now: datetime) -> bool:
    """Say whether the session has neither ended nor expired."""
    absolute = chain.expires_at is None or chain.expires_at > now
    return chain.ended_at is None and absolute and chain.idle_expires_at > now


def step(chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime) -> Chain:
    """Return the chain after a ``ROTATE`` or ``REPLACE``; `fresh` is the new id that is handed out.

    Raises `ValueError` for any other verdict: those write nothing.
    """
    if verdict is Verdict.ROTATE:
        past = {"superseded": chain.current, "current": chain.next}
    elif verdict is Verdict.REPLACE:
        past = {"superseded": chain.next}
    else:
        raise ValueError(f"{verdict} does not move a session on")
    return replace(chain, **past, next=fresh, rotated_at=now, idle_expires_at=idle_expires_at)  # type: ignore[arg-type]
