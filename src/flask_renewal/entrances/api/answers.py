"""How the JSON API answers: token responses, and what everybody may keep."""

from collections.abc import Mapping
from http import HTTPStatus
from json import JSONEncoder
from typing import Any

from flask import Response, jsonify

from ...ground.context import this_request
from ...ground.data_headers import keep_data
from ...ground.problems import scheme
from ...identity.sessions.grants import Grant
from ...identity.sessions.public import session_json, user_json
from ...identity.tokens.keys.life import PUBLISHED_AHEAD_SECONDS
from ...identity.transport import Transport


def granted(
    grant: Grant, transport: Transport, *, status: HTTPStatus = HTTPStatus.OK, presented: str | None = None
) -> Response:
    """Answer with a token response; `presented` is the refresh token that the request sent."""
    content: dict[str, Any] = {
        "access_token": grant.access_token,
        "token_type": scheme(),
        "expires_in": grant.expires_in,
        "session": session_json(grant.session, current_id=grant.session.id),
        "user": user_json(grant.session.user_id, grant.username),
        **transport.members(grant, presented),
    }
    response = Response(_ENCODER.encode(content), status, mimetype="application/json")
    transport.write(grant, response)
    return response


_ENCODER = JSONEncoder(separators=(",", ":"))


def published(content: Mapping[str, Any]) -> Response:
    """Answer with what everybody may keep for a while, and is told then whether it is the same."""
    response = jsonify(content)
    response.headers["Cache-Control"] = f"public, max-age={PUBLISHED_AHEAD_SECONDS}"
    keep_data(response)
    response.add_etag()
    return response.make_conditional(this_request())  # type: ignore[return-value]  # the very response


def no_content() -> Response:
    """Answer 204, which has neither a body nor a type of one."""
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response
