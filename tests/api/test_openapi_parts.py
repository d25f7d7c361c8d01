"""What the OpenAPI document says of one route, of one refusal and of each way to prove who asks, to the letter."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flask_renewal.entrances.api.examples import EXAMPLES
from flask_renewal.entrances.api.openapi import VERSION

TEXT = {"type": "string"}


def document_of(app: Flask) -> dict[str, Any]:
    document: dict[str, Any] = app.test_client().get("/auth/openapi.json").get_json()
    return document


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return document_of(client.application)


def refusal(status: HTTPStatus, *codes: str, **headers: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a refusal with these codes."""
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": list(codes)}}}]}
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    told = {
        "description": status.phrase,
        "content": {"application/problem+json": {"schema": schema, "examples": examples}},
    }
    return {**told, **({"headers": headers} if headers else {})}


UNAUTHORIZED = {"WWW-Authenticate": {"schema": TEXT, "description": "RFC 6750 §3."}}
LATER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}


def test_the_whole_of_signing_in_is_told(document: dict[str, Any]) -> None:
    login = document["paths"]["/auth/login"]["post"]
    assert login.keys() == {"operationId", "summary", "requestBody", "responses"}
    assert (login["operationId"], login["summary"][-1]) == ("post_login", ".")
    [(kind, content)] = login["requestBody"].pop("content").items()
    assert (kind, login["requestBody"]) == ("application/json", {"required": True})
    assert content["example"] == EXAMPLES["post_login"]["body"]
    assert content["schema"]["required"] == ["username", "password"]
    answers = login["responses"]
    token = {"schema": {"$ref": "#/components/schemas/Token"}, "example": EXAMPLES["post_login"]["answer"]}
    assert answers["200"] == {"description": "OK", "content": {"application/json": token}}
    assert answers["401"] == refusal(HTTPStatus.UNAUTHORIZED, "invalid_credentials", **UNAUTHORIZED)
    assert answers["403"] == refusal(HTTPStatus.FORBIDDEN, "https_required", "untrusted_origin")
    assert answers["413"] == refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "payload_too_large")
    assert answers["429"] == refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", **LATER)
    assert answers["503"] == refusal(HTTPStatus.SERVICE_UNAVAILABLE, "store_unavailable", **LATER)


def test_the_whole_of_asking_who_it_is_is_told(document: dict[str, Any]) -> None:
    me = document["paths"]["/auth/me"]["get"]
    assert me.keys() == {"operationId", "summary", "responses", "security"}
    assert me["security"] == [{"access": []}]
    renewed = "Another access token, where the one that came has little life left."
    assert me["responses"]["200"]["headers"] == {"X-Renewed-Access-Token": {"schema": TEXT, "description": renewed}}
    assert not me["responses"].keys() & {"400", "413", "415", "422"}, "it has no body that could be wrong"


def test_no_token_is_promised_where_none_is_renewed(make_app: Callable[..., Flask], document: dict[str, Any]) -> None:
    told = document_of(make_app(name="never", RENEWAL_HEADER_THRESHOLD=0))["paths"]
    assert "headers" not in told["/auth/me"]["get"]["responses"]["200"]
    assert "headers" not in document["paths"]["/auth/login"]["post"]["responses"]["200"]


def test_each_way_to_prove_who_asks_is_told(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"] == {
        "access": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "refresh": {"type": "apiKey", "in": "cookie", "name": "refresh_token"},
        "pages": {"type": "apiKey", "in": "cookie", "name": "access_token"},
        "service": {"type": "http", "scheme": "bearer"},
    }
    asked = {
        scheme
        for methods in document["paths"].values()
        for operation in methods.values()
        for each in operation.get("security", ())
        for scheme in each
    }
    assert asked == {"access", "refresh", "pages", "service"}


@pytest.mark.parametrize(("name", "scheme"), [("X-Token", "Bearer"), ("Authorization", "")])
def test_a_header_that_is_not_that_of_http_is_told_as_a_key(
    make_app: Callable[..., Flask], name: str, scheme: str
) -> None:
    app = make_app(name="other", JWT_HEADER_NAME=name, JWT_HEADER_TYPE=scheme)
    told = document_of(app)["components"]["securitySchemes"]["access"]
    assert told == {"type": "apiKey", "in": "header", "name": name}


def test_it_says_what_it_is_of_and_where(document: dict[str, Any]) -> None:
    assert document["info"] == {"title": "Flask-Renewal", "version": VERSION}
    assert document["servers"] == [{"url": "/"}]


def test_every_reference_leads_to_something(document: dict[str, Any], client: FlaskClient) -> None:
    for reference in set(re.findall(r'"\$ref":\s*"#/([^"]+)"', client.get("/auth/openapi.json").text)):
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_only_who_refreshes_or_signs_out_may_say_where_the_token_is(make_app: Callable[..., Flask]) -> None:
    paths = document_of(make_app(name="body", RENEWAL_BODY_TRANSPORT=True))["paths"]
    told = {
        path
        for path, methods in paths.items()
        for operation in methods.values()
        if "X-Refresh-Transport" in [parameter["name"] for parameter in operation.get("parameters", ())]
    }
    assert {"/auth/login", "/auth/refresh", "/auth/logout"} <= told
    assert "/auth/me" not in told
