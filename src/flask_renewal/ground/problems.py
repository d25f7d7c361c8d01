"""How refusals are told over HTTP: `application/problem+json` (RFC 9457) with a stable `code`."""

import json
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, SecurityError

from . import errors
from .context import this_app
from .data_headers import keep_data

SCHEME = "flask_renewal_scheme"
"""The place in `app.extensions` of what stands before an access token, where it is another word than `Bearer`."""

_CHALLENGES = {
    errors.TokenMissingError: "{}",
    errors.FreshTokenRequiredError: '{} error="insufficient_user_authentication"',
    errors.ServiceKeyInvalidError: 'Bearer error="invalid_token"',
}
"""The challenges for what is not simply a token that was presented and refused (RFC 6750 §3.1, RFC 9470 §3)."""

_RETRY_STORE_SECONDS = 5
_UNKNOWN_HOST = "The request is for a host that is not trusted."
"""Werkzeug would say which: words of the client's, which are not told back."""

_STATUS: dict[type[errors.RenewalError], HTTPStatus] = {
    errors.InvalidRequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.UntrustedOriginError: HTTPStatus.FORBIDDEN,
    errors.HttpsRequiredError: HTTPStatus.FORBIDDEN,
    errors.TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreRefusedError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvalidCredentialsError: HTTPStatus.UNAUTHORIZED,
    errors.UsernameTakenError: HTTPStatus.CONFLICT,
    errors.WeakPasswordError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RegistrationClosedError: HTTPStatus.FORBIDDEN,
    errors.SignInRefusedError: HTTPStatus.FORBIDDEN,
    errors.UnknownUserError: HTTPStatus.NOT_FOUND,
    errors.RefreshError: HTTPStatus.UNAUTHORIZED,
    errors.SessionNotFoundError: HTTPStatus.NOT_FOUND,
    errors.AccessError: HTTPStatus.UNAUTHORIZED,
}

_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid_request",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}

_MORE = ("field", "reason")
"""What a refusal may say besides, under the same name."""


def how_to_make_tables(app: Flask) -> str:
    """Return what is to be done where tables are missing, by a command that this application has."""
    if app.import_name == __package__.partition(".")[0]:
        return "run flask --app wsgi db upgrade"
    if "migrate" in app.extensions:
        return "run flask db migrate and flask db upgrade"
    return "call db.create_all() for a missing table, and add a missing column by ALTER TABLE"


def problem(status: HTTPStatus, code: str, detail: str, **more: str) -> Response:
    """Return a problem; a 401 carries a plain challenge (RFC 9110 §15.5.2), nothing of it is ever stored.

    `more` are members of this kind of problem alone (RFC 9457 §3.2).
    """
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, "code": code}
    body |= more
    response = Response(json.dumps(body), status, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = scheme()
    return keep_data(response)


def from_refusal(error: errors.RenewalError) -> Response:
    """Return the problem that tells a refusal."""
    more = {member: value for member in _MORE if (value := getattr(error, member, None)) is not None}
    response = problem(status_of(type(error)), error.code, error.detail, **more)
    if isinstance(error, errors.TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, errors.StoreUnavailableError):
        response.headers["Retry-After"] = str(_RETRY_STORE_SECONDS)
    elif isinstance(error, errors.AccessError):
        challenge = _CHALLENGES.get(type(error), '{} error="invalid_token"').format(scheme())
        if isinstance(error, errors.FreshTokenRequiredError) and error.max_age is not None:
            challenge += f', max_age="{error.max_age}"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def scheme() -> str:
    """Return what stands before an access token in this application's requests; `Bearer` where nothing does."""
    told: str = this_app().extensions.get(SCHEME) or "Bearer"
    return told


def status_of(refusal: type[errors.RenewalError]) -> HTTPStatus:
    """Return the status of a kind of refusal."""
    kinds = (_STATUS[kind] for kind in refusal.__mro__ if kind in _STATUS)
    return next(kinds, HTTPStatus.INTERNAL_SERVER_ERROR)


def from_http(error: HTTPException) -> Response:
    """Return the problem for an HTTP error of Werkzeug's, with its headers (`Allow` of a 405 among them)."""
    original = error.get_response()
    if 300 <= original.status_code < 400:
        return Response(original.get_data(), original.status_code, original.headers)
    status = HTTPStatus(original.status_code)
    code = _CODES.get(status, status.phrase.lower().replace(" ", "_").replace("'", ""))
    detail = _UNKNOWN_HOST if isinstance(error, SecurityError) else error.description or f"{status.phrase}."
    response = problem(status, code, detail)
    for name, value in original.headers:
        if name != "Content-Length":
            response.headers.setdefault(name, value)
    return response


def refused(error: Exception) -> Exception:
    """Return what to raise for an error that the application has an answer to.

    Extensions that answer errors in Flask's place (Flask-RESTX, Flask-RESTful) would take it for a fault of the server:
    with one of them it is an exception that carries the answer, as `data` too, which is what the first of them sends.
    """
    app = this_app()
    if "handle_user_exception" not in vars(app):
        return error
    response = app.make_response(type(app).handle_user_exception(app, error))
    refusal: Any = HTTPException(response=response)
    if response.is_json:
        refusal.data = response.get_json()
    return cast(HTTPException, refusal)
