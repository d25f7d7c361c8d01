"""What goes in and out of the API, as JSON Schemas (2020-12) of the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from ...ground.text import DEVICE_ID_MAX_CHARACTERS, DEVICE_MAX_CHARACTERS, USERNAME_MAX_CHARACTERS, USERNAME_PATTERN
from ...identity.sessions.causes import REASONS
from ...identity.users.passwords import LONGEST_BYTES, SHORTEST_CHARACTERS

Schema = Mapping[str, Any]


def members(*required: str, **properties: Schema) -> Schema:
    """Return the schema of an object with these members; `required` ones are always there."""
    return {"type": "object", "properties": properties, "required": list(required)}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}

LATEST = 2**33
"""Unix seconds, in the year 2242: no request asks for what is later."""
_MOST_OF_A_NAME = f"What exceeds {DEVICE_MAX_CHARACTERS} characters is left out."

_DEVICE: Mapping[str, Schema] = {
    "device": {"type": ["string", "null"], "description": f"A name for lists of devices. {_MOST_OF_A_NAME}"},
    "device_id": {
        "type": ["string", "null"],
        "maxLength": DEVICE_ID_MAX_CHARACTERS,
        "pattern": "^[!-~]*$",
        "description": "The session refreshes only together with the same one, in the header `X-Device-Id`.",
    },
    "remember": {**FLAG, "default": True, "description": "`false`: the refresh cookie ends with the browser."},
}
_USERNAME: Schema = {
    **TEXT,
    "minLength": 1,
    "maxLength": USERNAME_MAX_CHARACTERS,
    "pattern": USERNAME_PATTERN,
    "description": "Compared without regard to case; no space at its ends and nothing invisible in it.",
}
_PASSWORD: Schema = {**TEXT, "minLength": 1, "pattern": "^[^\0]*$"}
_NEW_PASSWORD: Schema = {
    **_PASSWORD,
    "minLength": SHORTEST_CHARACTERS,
    "description": f"{SHORTEST_CHARACTERS} characters to {LONGEST_BYTES:,} bytes; not the user name, none of the"
    " commonest passwords.",
}
_REFRESH_TOKEN: Schema = {"description": "A text, read with the header `X-Refresh-Transport: body` only."}

REGISTRATION = members("username", "password", username=_USERNAME, password=_NEW_PASSWORD, **_DEVICE)
CREDENTIALS = members("username", "password", username=_USERNAME, password=_PASSWORD, **_DEVICE)
REFRESH = members(refresh_token=_REFRESH_TOKEN)
LOGOUT = members(
    everywhere={**FLAG, "default": False, "description": "End every session of the user."}, refresh_token=_REFRESH_TOKEN
)
CHANGE_OF_PASSWORD = members(
    "current_password", "new_password", current_password=_PASSWORD, new_password=_NEW_PASSWORD
)  # fmt: skip
CONFIRMATION = members("password", password=_PASSWORD)

SCHEMAS: Mapping[str, Schema] = {
    "Session": members(
        "id", "created_at", "last_used_at", "idle_expires_at", "expires_at", "current", "device", "user_agent",
        id=TEXT, device={"type": ["string", "null"]}, user_agent={"type": ["string", "null"]}, created_at=MOMENT,
        last_used_at=MOMENT, idle_expires_at=MOMENT, expires_at={**MOMENT, "type": ["string", "null"]}, current=FLAG,
    ),
    "User": members("id", id=TEXT, username=TEXT),
    "Token": members(
        "access_token", "token_type", "expires_in", "session", "user",
        access_token=TEXT, token_type=TEXT, expires_in={"type": "integer", "minimum": 0},
        session=ref("Session"), user=ref("User"), refresh_token=TEXT,
    ),
    "Problem": members(
        "type", "title", "status", "detail", "code",
        type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, code=TEXT,
        field={**TEXT, "description": "The member of the body that is wrong."},
        reason={"enum": [*REASONS], "description": "Why the session was ended."},
    ),
}  # fmt: skip
ME = members("user", "session", user=ref("User"), session=ref("Session"))
SESSIONS = members("sessions", sessions={"type": "array", "items": ref("Session")})
OTHERS_ENDED = members("ended", ended={"type": "integer", "minimum": 0})
ENDED_SESSIONS = members(
    "ended",
    "until",
    "keep_for",
    ended={"type": "array", "items": members("id", "ended_at", id=TEXT, ended_at={"type": "number"})},
    until={"type": "number"},
    keep_for={"type": "integer"},
)
KEYS = members("keys", keys={"type": "array", "items": members("kid", "kty", "alg", "use", kid=TEXT, kty=TEXT)})
"""RFC 7517 §5."""
DOCUMENT = members("openapi", "info", "paths")
STATUS = members("status", status={"const": "ok"})
