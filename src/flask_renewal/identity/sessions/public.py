"""What the outside sees of sessions and users."""

from datetime import datetime
from typing import Any

from ...stores.base import Session


def session_json(session: Session, *, current_id: str | None) -> dict[str, Any]:
    """Return what a client sees of a session."""
    return {
        "id": session.id,
        "device": session.device,
        "user_agent": session.user_agent,
        "created_at": time_json(session.created_at),
        "last_used_at": time_json(session.last_used_at),
        "idle_expires_at": time_json(session.over_at),
        "expires_at": None if session.expires_at is None else time_json(session.expires_at),
        "current": session.id == current_id,
    }


def user_json(user_id: str, username: str | None) -> dict[str, str]:
    """Return what clients are told of a user, who need not have a name."""
    return {"id": user_id} if username is None else {"id": user_id, "username": username}


def time_json(moment: datetime) -> str:
    """Return a point in time as clients read it (RFC 3339)."""
    return f"{moment.isoformat()[:19]}Z"  # strftime takes ten times as long
