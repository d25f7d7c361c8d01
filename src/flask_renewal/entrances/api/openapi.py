"""The OpenAPI document of the API (OpenAPI 3.1), made from `description` and from how refusals are told."""

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response

from ...ground.errors import SignInRefusedError
from ...ground.problems import status_of
from ...identity.services import Services, current
from .answers import published
from .description import OPERATIONS, SCHEMAS, TEXT, Operation, Schema, members

VERSION = "1"
"""Of the API: it changes when a client that keeps to the document could break."""

_BY_HTTP: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "invalid_request",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}
"""What any request may meet, before a view or because of a mistake of ours."""


described = Blueprint("flask_renewal_openapi", __name__)


@described.get("/openapi.json")
def openapi_document() -> Response:
    """Answer with the document of this application."""
    return published(document(current()))


def document(services: Services) -> dict[str, Any]:
    """Return the document: the routes that this application has, each refusal's codes among the answers."""
    prefix = services.settings.url_prefix
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in OPERATIONS:
        if services.ours is not None or not operation.of_accounts:
            asks_host = services.functions.before_sign_in is not None
            paths[f"{prefix}{operation.path}"][operation.method] = _operation(operation, asks_host=asks_host)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flask-Renewal", "version": VERSION},
        "paths": paths,
        "components": {"schemas": {**SCHEMAS, "Problem": _PROBLEM}, "securitySchemes": _schemes(services)},
    }


_PROBLEM = members(
    "type",
    "title",
    "status",
    "detail",
    "code",
    type=TEXT,
    title=TEXT,
    status={"type": "integer"},
    detail=TEXT,
    code=TEXT,
    field={**TEXT, "description": "The member of the body that is wrong."},
    reason={**TEXT, "description": "Why the session was ended."},
)


def _schemes(services: Services) -> dict[str, Schema]:
    header, scheme = services.settings.token_header, services.settings.token_scheme
    is_http = header.lower() == "authorization" and scheme
    return {
        "access": {"type": "http", "scheme": scheme.lower(), "bearerFormat": "JWT"}
        if is_http
        else {"type": "apiKey", "in": "header", "name": header},
        "refresh": {"type": "apiKey", "in": "cookie", "name": "__Host-Http-refresh_token"},
        "service": {"type": "http", "scheme": "bearer"},
    }


def _operation(operation: Operation, *, asks_host: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": f"{operation.method}_{operation.path.strip('/').replace('/', '_').replace('-', '_')}",
        "summary": operation.does,
        "responses": {str(int(operation.status)): _success(operation), **_refusals(operation, asks_host=asks_host)},
    }
    if operation.parameters:
        told["parameters"] = list(operation.parameters)
    if operation.security is not None:
        told["security"] = [{operation.security: []}]
    if operation.body is not None:
        is_needed = bool(operation.body["required"])
        told["requestBody"] = {"required": is_needed, "content": {"application/json": {"schema": operation.body}}}
    return told


def _success(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"description": operation.status.phrase}
    if operation.answer is not None:
        told["content"] = {"application/json": {"schema": operation.answer}}
    return told


def _refusals(operation: Operation, *, asks_host: bool) -> dict[str, Any]:
    """Return the refusals by status, with the codes that each may have."""
    codes: dict[HTTPStatus, set[str]] = defaultdict(set)
    for status, code in _BY_HTTP.items():
        if status is HTTPStatus.INTERNAL_SERVER_ERROR or operation.body is not None:
            codes[status].add(code)
    for refusal in operation.refusals:
        if refusal is not SignInRefusedError:
            codes[status_of(refusal)].add(refusal.code)
    told = {str(int(status)): _problem(status, sorted(found)) for status, found in sorted(codes.items())}
    if asks_host and SignInRefusedError in operation.refusals:  # in words of the host's
        told[str(int(status_of(SignInRefusedError)))] = _problem(status_of(SignInRefusedError), None)
    return told


def _problem(status: HTTPStatus, codes: list[str] | None) -> dict[str, Any]:
    """Return an answer that refuses; ``None`` for codes that only the host knows."""
    known = [] if codes is None else [{"properties": {"code": {"enum": codes}}}]
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, *known]}
    told: dict[str, Any] = {
        "description": status.phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return told
