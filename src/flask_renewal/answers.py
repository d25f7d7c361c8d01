"""How the JSON API answers: token responses, sessions, users."""

from datetime import datetime
from http import HTTPStatus
from json import JSONEncoder
from typing import Any

from flask import Response

from .grants import Grant
from .stores.base import Session
from .transport import Transport


def granted(
    grant: Grant, transport: Transport, *, status: HTTPStatus = HTTPStatus.OK, presented: str | None = None
) -> Response:
    """Answer with a token response; `presented` is the refresh token that the request sent."""
    content: dict[str, Any] = {
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "expires_in": grant.expires_in,
        "session": session_json(grant.session, current_id=grant.session.id),
        "user": user_json(grant.session.user_id, grant.username),
        **transport.members(grant, presented),
    }
    response = Response(_ENCODER.encode(content), status, mimetype="application/json")
    transport.write(grant, response)
    return response


_ENCODER = JSONEncoder(separators=(",", ":"))


def no_content() -> Response:
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response


def session_json(session: Session, *, current_id: str | None) -> dict[str, Any]:
    """Return what a client sees of a session."""
    return {
        "id": session.id,
        "device": session.device,
        "user_agent": session.user_agent,
        "created_at": _time(session.created_at),
        "last_used_at": _time(session.last_used_at),
        "idle_expires_at": _time(session.over_at),
        "expires_at": None if session.expires_at is None else _time(session.expires_at),
        "current": session.id == current_id,
    }


def user_json(user_id: str, username: str) -> dict[str, str]:
    return {"id": user_id, "username": username}


def _time(moment: datetime) -> str:
    return f"{moment.isoformat()[:19]}Z"  # strftime takes ten times as long
