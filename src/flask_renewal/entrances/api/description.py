"""What the API is, as data: each route with what it takes, answers and refuses, for the OpenAPI document."""

from http import HTTPStatus

from ...ground import errors
from . import schemas
from .operation import Operation, Refusals
from .schemas import TEXT, Schema, ref

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
_HTTPS: Refusals = (errors.HttpsRequiredError,)
_CHANGE: Refusals = (errors.UntrustedOriginError, *_HTTPS)
_GUESSING: Refusals = (errors.InvalidCredentialsError, errors.TooManyRequestsError)
_SIGN_IN: Refusals = (errors.SignInRefusedError,)


_SESSION_ID: Schema = {"name": "session_id", "in": "path", "required": True, "schema": TEXT}
_DEVICE_ID: Schema = {
    "name": "X-Device-Id",
    "in": "header",
    "required": False,
    "schema": TEXT,
    "description": "That of a session which was started with a `device_id`.",
}
_SINCE: Schema = {
    "name": "since",
    "in": "query",
    "required": False,
    "schema": {"type": "number", "minimum": 0, "maximum": schemas.LATEST, "default": 0},
    "description": "Unix seconds: the `until` of the last answer.",
}
_KEPT = {"Cache-Control": "Others may keep it so long.", "ETag": "Names this state, for `If-None-Match`."}
_KEPT_ALREADY = {HTTPStatus.NOT_MODIFIED: "What was asked for by `If-None-Match` is still so."}
_WHO = {
    "X-Auth-User": "The id of the user.",
    "X-Auth-Username": "The name, in percent-encoded UTF-8 where it is more than visible ASCII.",
    "X-Auth-Session": "The id of the session.",
}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="post",
        path="/register",
        does="Add an account and sign it in.",
        status=HTTPStatus.CREATED,
        body=schemas.REGISTRATION,
        answer=ref("Token"),
        refusals=(
            *_BODY,
            *_CHANGE,
            *_SIGN_IN,
            *_STORE,
            errors.UsernameTakenError,
            errors.WeakPasswordError,
            errors.RegistrationClosedError,
            errors.TooManyRequestsError,
        ),
        of_accounts=True,
        takes_refresh_token=True,
    ),
    Operation(
        method="post",
        path="/login",
        does="Sign in; the session whose cookie comes along is replaced.",
        body=schemas.CREDENTIALS,
        answer=ref("Token"),
        refusals=(*_BODY, *_CHANGE, *_SIGN_IN, *_STORE, *_GUESSING),
        of_accounts=True,
        takes_refresh_token=True,
    ),
    Operation(
        method="post",
        path="/refresh",
        does="Rotate the refresh token; in a quiet answer no new one is set.",
        body=schemas.REFRESH,
        answer=ref("Token"),
        refusals=(*_REFRESH, *_BODY, *_CHANGE, *_STORE, errors.TooManyRequestsError),
        security=("refresh",),
        parameters=(_DEVICE_ID,),
        takes_refresh_token=True,
    ),
    Operation(
        method="post",
        path="/logout",
        does="End the session of the refresh token, else of the access token, and delete the cookies.",
        status=HTTPStatus.NO_CONTENT,
        body=schemas.LOGOUT,
        refusals=(*_BODY, *_CHANGE, *_STORE),
        takes_refresh_token=True,
    ),
    Operation(
        method="get",
        path="/me",
        does="Tell whose access token this is, and of which session.",
        answer=schemas.ME,
        refusals=(*_GUARD, *_HTTPS, *_STORE, errors.SessionNotFoundError),
        security=("access",),
    ),
    Operation(
        method="get",
        path="/sessions",
        does="List the living sessions of the user, newest use first.",
        answer=schemas.SESSIONS,
        refusals=(*_GUARD, *_HTTPS, *_STORE),
        security=("access",),
    ),
    Operation(
        method="delete",
        path="/sessions/{session_id}",
        does="End one session of the user.",
        status=HTTPStatus.NO_CONTENT,
        refusals=(*_GUARD, *_CHANGE, *_STORE, errors.SessionNotFoundError, errors.FreshTokenRequiredError),
        security=("access",),
        parameters=(_SESSION_ID,),
    ),
    Operation(
        method="delete",
        path="/sessions",
        does="End every other session of the user.",
        answer=schemas.OTHERS_ENDED,
        refusals=(*_GUARD, *_CHANGE, *_STORE, errors.FreshTokenRequiredError),
        security=("access",),
    ),
    Operation(
        method="put",
        path="/password",
        does="Change the password; every other session ends.",
        status=HTTPStatus.NO_CONTENT,
        body=schemas.CHANGE_OF_PASSWORD,
        refusals=(*_GUARD, *_BODY, *_CHANGE, *_STORE, *_GUESSING, errors.WeakPasswordError),
        security=("access",),
        of_accounts=True,
    ),
    Operation(
        method="post",
        path="/confirm",
        does="Prove the password again; the access token is fresh.",
        body=schemas.CONFIRMATION,
        answer=ref("Token"),
        refusals=(*_GUARD, *_BODY, *_CHANGE, *_STORE, *_GUESSING),
        security=("access",),
        of_accounts=True,
    ),
    Operation(
        method="get",
        path="/ended-sessions",
        does="Tell another service which sessions have ended since a moment.",
        answer=schemas.ENDED_SESSIONS,
        refusals=(errors.ServiceKeyInvalidError, errors.InvalidRequestError, *_HTTPS, *_STORE),
        security=("service",),
        parameters=(_SINCE,),
    ),
    Operation(
        method="get",
        by_any_method=True,
        path="/verify",
        does="Tell a reverse proxy whether a request may pass, by access token or the pages' cookies, and whose it is.",
        status=HTTPStatus.NO_CONTENT,
        headers=_WHO,
        also={HTTPStatus.SEE_OTHER: "Signed out; the person is led to the sign-in page, which leads back."},
        refusals=(*_GUARD, errors.UntrustedOriginError, *_STORE),
        security=("access", "pages"),
        blueprint="flask_renewal_gateway",
    ),
    Operation(
        method="get",
        path="//.well-known/jwks.json",
        does="Publish the keys by which access tokens are verified (RFC 7517).",
        answer=schemas.KEYS,
        headers=_KEPT,
        also=_KEPT_ALREADY,
    ),
    Operation(
        method="get",
        path="/openapi.json",
        does="Describe this API (OpenAPI 3.1).",
        answer=schemas.DOCUMENT,
        headers=_KEPT,
        also=_KEPT_ALREADY,
    ),
    Operation(
        method="get",
        path="//healthz",
        does="Say that the process answers.",
        answer=schemas.STATUS,
        blueprint="flask_renewal_health",
    ),
    Operation(
        method="get",
        path="//readyz",
        does="Say whether sessions can be served.",
        answer=schemas.STATUS,
        refusals=_STORE,
        blueprint="flask_renewal_health",
    ),
)
