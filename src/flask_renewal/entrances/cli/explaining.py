"""What became of a session and why, in words for whoever is asked about it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ...identity.sessions.causes import CAUSES, ran_out_by
from ...identity.sessions.public import session_json, time_json
from ...rotation import is_alive
from ...stores.base import LONG_AGO, Session
from .output import shown_time

_FORGOTTEN = "No cause is written down; it was ended by a release that wrote none, or by another hand."


def told(session: Session, name: str, *, now: datetime) -> str:
    """Return the life of a session in words."""
    device = session.device or session.user_agent or "an unknown device"
    return "\n".join([f"{session.id}, of {name} on {device}", *(f"  {line}" for line in _lines(session, now))])


def facts(session: Session, *, now: datetime) -> dict[str, Any]:
    """Return the same for programs: what clients see of a session, and its end."""
    reason = reason_of(session, now)
    cause = CAUSES.get(reason or "")
    return {
        **session_json(session, current_id=None),
        "user_id": session.user_id,
        "ended_at": None if session.ended_at is None else time_json(session.ended_at),
        "reason": reason,
        "happened": cause and cause.happened,
        "advice": cause and cause.advice,
    }


def reason_of(session: Session, now: datetime) -> str | None:
    """Return why the session is over; ``None`` while it lives, or where nothing says why."""
    if session.ended_at is not None:
        return session.ended_reason
    return None if is_alive(session, now) else ran_out_by(session)


def _lines(session: Session, now: datetime) -> Iterator[str]:
    kept = "to be kept when the browser closes" if session.remember else "to end with the browser"
    yield f"begun {shown_time(session.created_at)}, {kept}"
    if session.authenticated_at > session.created_at:
        yield f"who it is was last proved {shown_time(session.authenticated_at)}"
    yield f"last used {shown_time(session.last_used_at)}"
    rotated = "never" if session.rotated_at == LONG_AGO else shown_time(session.rotated_at)
    yield f"refresh token last changed {rotated}"
    reason = reason_of(session, now)
    if reason is None and session.ended_at is None:
        latest = "" if session.expires_at is None else f", and {shown_time(session.expires_at)} at the latest"
        yield f"lives: over {shown_time(session.idle_expires_at)} if nobody uses it{latest}"
        return
    cause = CAUSES.get(reason or "")
    yield f"over since {shown_time(session.ended_at or session.over_at)}: {reason}"
    yield cause.happened if cause else _FORGOTTEN
    if cause:
        yield f"What to do: {cause.advice}"
