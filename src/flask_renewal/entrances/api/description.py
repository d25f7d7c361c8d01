"""What the API is, as data: each route with what it takes, answers and refuses, for the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ...ground import errors
from ...ground.errors import RenewalError
from ...ground.text import DEVICE_ID_MAX_CHARACTERS, DEVICE_MAX_CHARACTERS, USERNAME_MAX_CHARACTERS

Schema = Mapping[str, Any]
Refusals = tuple[type[RenewalError], ...]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}

_GUARD: Refusals = (
    errors.TokenMissingError,
    errors.TokenExpiredError,
    errors.TokenInvalidError,
    errors.SessionOverError,
)
_BODY: Refusals = (errors.InvalidRequestError, errors.UnsupportedMediaTypeError)
_STORE: Refusals = (errors.StoreUnavailableError,)
_REFRESH: Refusals = (
    errors.RefreshTokenMissingError,
    errors.RefreshTokenAmbiguousError,
    errors.RefreshTokenInvalidError,
    errors.RefreshTokenReusedError,
    errors.SessionExpiredError,
    errors.SessionEndedError,
    errors.AccountDisabledError,
    errors.DeviceMismatchError,
)
_ORIGIN: Refusals = (errors.UntrustedOriginError,)
_GUESSING: Refusals = (errors.InvalidCredentialsError, errors.TooManyRequestsError)
_SIGN_IN: Refusals = (errors.SignInRefusedError,)


def members(*required: str, **properties: Schema) -> Schema:
    """Return the schema of an object with these members; `required` ones are always there."""
    return {"type": "object", "properties": properties, "required": list(required)}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


_DEVICE: Mapping[str, Schema] = {
    "device": {"type": ["string", "null"], "maxLength": DEVICE_MAX_CHARACTERS, "description": "A name for lists."},
    "device_id": {
        "type": ["string", "null"],
        "maxLength": DEVICE_ID_MAX_CHARACTERS,
        "description": "The session refreshes only together with the same one, in the header X-Device-Id.",
    },
    "remember": {**FLAG, "default": True, "description": "False: the refresh cookie ends with the browser."},
}
_USERNAME: Schema = {
    **TEXT,
    "minLength": 1,
    "maxLength": USERNAME_MAX_CHARACTERS,
    "description": "Compared without regard to case; no space at its ends and nothing invisible in it.",
}
_PASSWORD: Schema = {**TEXT, "minLength": 1, "description": "12 characters to 1,024 bytes where it is new."}
_CREDENTIALS = members("username", "password", username=_USERNAME, password=_PASSWORD, **_DEVICE)
_TOKEN = members(refresh_token={"description": "A text, read with the header X-Refresh-Transport: body only."})

SCHEMAS: Mapping[str, Schema] = {
    "Session": members(
        "id", "created_at", "last_used_at", "idle_expires_at", "expires_at", "current", "device", "user_agent",
        id=TEXT, device={"type": ["string", "null"]}, user_agent={"type": ["string", "null"]}, created_at=MOMENT,
        last_used_at=MOMENT, idle_expires_at=MOMENT, expires_at={**MOMENT, "type": ["string", "null"]}, current=FLAG,
    ),
    "User": members("id", id=TEXT, username=TEXT),
    "Token": members(
        "access_token", "token_type", "expires_in", "session", "user",
        access_token=TEXT, token_type={"const": "Bearer"}, expires_in={"type": "integer", "minimum": 0},
        session=ref("Session"), user=ref("User"), refresh_token=TEXT,
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One request that the API knows."""

    method: str
    path: str
    """Below the API's prefix, or with ``//`` before it from the root."""
    does: str
    answer: Schema | None = None
    """``None``: nothing but a status."""
    status: HTTPStatus = HTTPStatus.OK
    body: Schema | None = None
    refusals: Refusals = ()
    security: str | None = None
    parameters: tuple[Schema, ...] = field(default=())
    of_accounts: bool = False
    """Only where the accounts are ours."""


_SESSION_ID: Schema = {"name": "session_id", "in": "path", "required": True, "schema": TEXT}
_DEVICE_ID: Schema = {"name": "X-Device-Id", "in": "header", "required": False, "schema": TEXT}
_SINCE: Schema = {"name": "since", "in": "query", "required": False, "schema": {"type": "number", "minimum": 0}}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="post",
        path="/register",
        does="Add an account and sign it in.",
        status=HTTPStatus.CREATED,
        body=_CREDENTIALS,
        answer=ref("Token"),
        refusals=(
            *_BODY,
            *_ORIGIN,
            *_SIGN_IN,
            *_STORE,
            errors.UsernameTakenError,
            errors.WeakPasswordError,
            errors.RegistrationClosedError,
            errors.TooManyRequestsError,
        ),
        of_accounts=True,
    ),
    Operation(
        method="post",
        path="/login",
        does="Sign in; the session whose cookie comes along is replaced.",
        body=_CREDENTIALS,
        answer=ref("Token"),
        refusals=(*_BODY, *_ORIGIN, *_SIGN_IN, *_STORE, *_GUESSING),
        of_accounts=True,
    ),
    Operation(
        method="post",
        path="/refresh",
        does="Rotate the refresh token; in a quiet answer no new one is set.",
        body=_TOKEN,
        answer=ref("Token"),
        refusals=(*_REFRESH, *_BODY, *_ORIGIN, *_STORE, errors.TooManyRequestsError),
        security="refresh",
        parameters=(_DEVICE_ID,),
    ),
    Operation(
        method="post",
        path="/logout",
        does="End the session of the refresh token, else of the access token, and delete the cookies.",
        status=HTTPStatus.NO_CONTENT,
        body=members(everywhere={**FLAG, "default": False}, **_TOKEN["properties"]),
        refusals=(*_BODY, *_ORIGIN, *_STORE),
    ),
    Operation(
        method="get",
        path="/me",
        does="Tell whose access token this is, and of which session.",
        answer=members("user", "session", user=ref("User"), session=ref("Session")),
        refusals=(*_GUARD, *_STORE, errors.SessionNotFoundError),
        security="access",
    ),
    Operation(
        method="get",
        path="/sessions",
        does="List the living sessions of the user, newest use first.",
        answer=members("sessions", sessions={"type": "array", "items": ref("Session")}),
        refusals=(*_GUARD, *_STORE),
        security="access",
    ),
    Operation(
        method="delete",
        path="/sessions/{session_id}",
        does="End one session of the user.",
        status=HTTPStatus.NO_CONTENT,
        refusals=(*_GUARD, *_ORIGIN, *_STORE, errors.SessionNotFoundError),
        security="access",
        parameters=(_SESSION_ID,),
    ),
    Operation(
        method="delete",
        path="/sessions",
        does="End every other session of the user.",
        answer=members("ended", ended={"type": "integer", "minimum": 0}),
        refusals=(*_GUARD, *_ORIGIN, *_STORE),
        security="access",
    ),
    Operation(
        method="put",
        path="/password",
        does="Change the password; every other session ends.",
        status=HTTPStatus.NO_CONTENT,
        body=members("current_password", "new_password", current_password=_PASSWORD, new_password=_PASSWORD),
        refusals=(*_GUARD, *_BODY, *_ORIGIN, *_STORE, *_GUESSING, errors.WeakPasswordError),
        security="access",
        of_accounts=True,
    ),
    Operation(
        method="post",
        path="/confirm",
        does="Prove the password again; the access token is fresh.",
        body=members("password", password=_PASSWORD),
        answer=ref("Token"),
        refusals=(*_GUARD, *_BODY, *_ORIGIN, *_STORE, *_GUESSING),
        security="access",
        of_accounts=True,
    ),
    Operation(
        method="get",
        path="/ended-sessions",
        does="Tell another service which sessions have ended since a moment.",
        answer=members(
            "ended",
            "until",
            "keep_for",
            ended={
                "type": "array",
                "items": members("id", "ended_at", id=TEXT, ended_at={"type": "number"}),
            },
            until={"type": "number"},
            keep_for={"type": "integer"},
        ),
        refusals=(errors.ServiceKeyInvalidError, errors.InvalidRequestError, *_STORE),
        security="service",
        parameters=(_SINCE,),
    ),
)
