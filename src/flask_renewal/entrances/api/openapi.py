"""The OpenAPI document of the API (OpenAPI 3.1), made from `description` and from how refusals are told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, RequestEntityTooLarge

from ...ground import errors
from ...ground.context import this_app, this_request
from ...ground.problems import from_http, from_refusal, status_of
from ...identity.request import access_cookie, refresh_cookie
from ...identity.services import Services, current
from .answers import published
from .description import OPERATIONS
from .examples import EXAMPLES
from .operation import Operation
from .schemas import SCHEMAS, TEXT, Schema

VERSION = "1"
"""Of the API: it changes when a client that keeps to the document could break."""

_OF_BODIES: tuple[HTTPException, ...] = (BadRequest("The body cannot be read."), RequestEntityTooLarge())
_OF_ALL: tuple[HTTPException, ...] = (InternalServerError(),)
"""What any request may meet, before a view or because of a mistake of ours."""
_WORDS: Mapping[type[errors.RenewalError], errors.RenewalError] = {
    errors.InvalidRequestError: errors.InvalidRequestError("username must be a string.", field="username"),
    errors.WeakPasswordError: errors.WeakPasswordError("The password needs at least 12 characters."),
    errors.TooManyRequestsError: errors.TooManyRequestsError(retry_after=30),
}
"""Of refusals that say more than their kind."""
_TRANSPORT: Schema = {
    "name": "X-Refresh-Transport",
    "in": "header",
    "required": False,
    "schema": {"enum": ["body"]},
    "description": "The refresh token comes and goes in the body instead of the cookie.",
}

described = Blueprint("flask_renewal_openapi", __name__)


@described.get("/openapi.json")
def openapi_document() -> Response:
    """Answer with the document of this application."""
    return published(document(current()))


def document(services: Services) -> dict[str, Any]:
    """Return the document of this request's application: the routes that it has, with the codes of each refusal."""
    told: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in offered(services):
        path = operation.path
        full = path[1:] if path.startswith("//") else f"{services.settings.url_prefix}{path}"
        for method in operation.methods:
            told[full][method] = _operation(replace(operation, method=method), services)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flask-Renewal", "version": VERSION},
        "servers": [{"url": this_request().root_path or "/"}],
        "paths": told,
        "components": {"schemas": SCHEMAS, "examples": problems(services), "securitySchemes": _schemes(services)},
    }


def offered(services: Services) -> Iterator[Operation]:
    """Return the operations that this application has."""
    there = this_app().blueprints
    for operation in OPERATIONS:
        is_ours = services.ours is not None or not operation.of_accounts
        if is_ours and (operation.blueprint is None or operation.blueprint in there):
            yield operation


def problems(services: Services) -> dict[str, Any]:
    """Return an example of each refusal by its code, as it is answered."""
    kinds = {kind for operation in offered(services) for kind in operation.refusals} - {errors.SignInRefusedError}
    answers = [*map(from_http, (*_OF_BODIES, *_OF_ALL)), *(from_refusal(_WORDS.get(kind) or kind()) for kind in kinds)]
    told = [answer.get_json() for answer in answers]
    return {one["code"]: {"value": one} for one in sorted(told, key=lambda one: (one["code"], one["status"]))}


def _schemes(services: Services) -> dict[str, Schema]:
    header, scheme = services.settings.token_header, services.settings.token_scheme
    is_http = header.lower() == "authorization" and scheme
    return {
        "access": {"type": "http", "scheme": scheme.lower(), "bearerFormat": "JWT"}
        if is_http
        else {"type": "apiKey", "in": "header", "name": header},
        "refresh": {"type": "apiKey", "in": "cookie", "name": refresh_cookie().name},
        "pages": {"type": "apiKey", "in": "cookie", "name": access_cookie().name},
        "service": {"type": "http", "scheme": "bearer"},
    }


def _operation(operation: Operation, services: Services) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.does,
        "responses": {**_answers(operation, services), **_refusals(operation, services)},
    }
    by_body = operation.takes_refresh_token and services.settings.body_transport
    parameters = [*operation.parameters, *([_TRANSPORT] if by_body else [])]
    if parameters:
        told["parameters"] = parameters
    if operation.security:
        told["security"] = [{scheme: []} for scheme in operation.security]
    if operation.body is not None:
        content = {"schema": operation.body, **_example(operation, "body")}
        told["requestBody"] = {"required": bool(operation.body["required"]), "content": {"application/json": content}}
    return told


def _answers(operation: Operation, services: Services) -> dict[str, Any]:
    """Return the answers that refuse nothing, by status."""
    told: dict[str, Any] = {"description": operation.status.phrase}
    headers = dict(operation.headers)
    if "access" in operation.security and services.settings.header_threshold:
        headers[services.settings.header_name] = "Another access token, where the one that came has little life left."
    if headers:
        told["headers"] = {name: {"schema": TEXT, "description": says} for name, says in headers.items()}
    if operation.answer is not None:
        content = {"schema": operation.answer, **_example(operation, "answer")}
        told["content"] = {"application/json": content}
    also = {str(int(status)): {"description": means} for status, means in operation.also.items()}
    return {str(int(operation.status)): told, **also}


def _example(operation: Operation, what: str) -> dict[str, Any]:
    example = EXAMPLES.get(operation.id, {}).get(what)
    return {} if example is None else {"example": example}


def _refusals(operation: Operation, services: Services) -> dict[str, Any]:
    """Return the refusals by status, with the codes that each may have."""
    codes: dict[int, set[str]] = defaultdict(set)
    for error in (*_OF_ALL, *(_OF_BODIES if operation.body is not None else ())):
        answer = from_http(error)
        codes[answer.status_code].add(answer.get_json()["code"])
    for refusal in operation.refusals:
        if refusal is not errors.SignInRefusedError:
            codes[int(status_of(refusal))].add(refusal.code)
    told = {str(status): _problem(HTTPStatus(status), sorted(found)) for status, found in sorted(codes.items())}
    if services.functions.before_sign_in is not None and errors.SignInRefusedError in operation.refusals:
        status = status_of(errors.SignInRefusedError)
        told[str(int(status))] = _problem(status, None)  # in words of the host's
    return told


def _problem(status: HTTPStatus, codes: list[str] | None) -> dict[str, Any]:
    """Return an answer that refuses; ``None`` for codes that only the host knows."""
    schema: dict[str, Any] = {"$ref": "#/components/schemas/Problem"}
    content: dict[str, Any] = {"schema": schema}
    if codes is not None:
        content["schema"] = {"allOf": [schema, {"properties": {"code": {"enum": codes}}}]}
        content["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    told: dict[str, Any] = {"description": status.phrase, "content": {"application/problem+json": content}}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    elif status is HTTPStatus.UNAUTHORIZED:
        told["headers"] = {"WWW-Authenticate": {"schema": TEXT, "description": "RFC 6750 §3."}}
    return told
