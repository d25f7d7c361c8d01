"""How the JSON API answers: token responses, sessions, users."""

from datetime import datetime
from http import HTTPStatus
from json import JSONEncoder
from typing import Any

from flask import Response, request

from .grants import Grant
from .services import current
from .stores.base import Session


def granted(grant: Grant, *, status: HTTPStatus = HTTPStatus.OK, presented: str | None = None) -> Response:
    """Answer with a token response; `presented` is the refresh token that the request sent."""
    content: dict[str, Any] = {
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "expires_in": grant.expires_in,
        "session": session_json(grant.session, current_id=grant.session.id),
        "user": user_json(grant.session.user_id, grant.username),
    }
    if by_body() and (grant.refresh_token or presented):
        content["refresh_token"] = grant.refresh_token or presented
    response = Response(_ENCODER.encode(content), status, mimetype="application/json")
    if grant.refresh_token is not None and not by_body():
        services = current()
        max_age = services.cookie_life(grant.session)
        services.refresh_cookie().set(response, grant.refresh_token, max_age=max_age)
    return response


_ENCODER = JSONEncoder(separators=(",", ":"))


def no_content() -> Response:
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response


def by_body() -> bool:
    """Say whether this client gets and sends the refresh token in the body instead of a cookie."""
    return current().settings.body_transport and request.headers.get("X-Refresh-Transport") == "body"


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


def clear_cookies(response: Response) -> None:
    """Delete the refresh cookie and, where there is one, the access cookie of the pages."""
    services = current()
    services.refresh_cookie().clear(response)
    if services.sent_access_cookie() is not None:
        services.access_cookie().clear(response)
