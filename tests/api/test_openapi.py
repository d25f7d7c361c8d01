"""The OpenAPI document says what the API does: each route, each code, and answers of the form that it has."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import services_of, sign_in
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from proving import Site

from flask_renewal import SignInRefusedError
from flask_renewal.entrances.api.description import OPERATIONS
from flask_renewal.entrances.api.operation import ANY_METHOD


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/auth/openapi.json").get_json()
    return document


def test_the_document_is_one_of_openapi(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in OF_THE_API:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method.lower(), rule.rule.replace("<", "{").replace(">", "}")


OF_THE_API = {"flask_renewal", *(f"flask_renewal_{part}" for part in ("accounts", "ended", "health", "openapi"))}
OF_THE_API.add("flask_renewal_well_known")
VERIFY = [(method, "/auth/verify") for method in ANY_METHOD]
"""Of another room, which the document tells of as well."""


def test_each_route_is_in_it_and_nothing_else(app: Flask, document: dict[str, Any]) -> None:
    described = [(method, path) for path, methods in document["paths"].items() for method in methods]
    assert sorted(described) == sorted([*routes(app), *VERIFY])


def test_it_may_be_kept_and_is_told_to_be_the_same(client: FlaskClient) -> None:
    first = client.get("/auth/openapi.json")
    again = client.get("/auth/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.data) == (304, b"")


def test_without_accounts_nothing_takes_a_password(tmp_path: Any, clock: Clock) -> None:
    paths = Site(tmp_path, clock).app.test_client().get("/auth/openapi.json").get_json()["paths"]
    assert "/auth/refresh" in paths
    assert "/healthz" not in paths
    assert not {"/auth/login", "/auth/register", "/auth/password", "/auth/confirm"} & set(paths)


def test_another_prefix_and_header_are_told(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_URL_PREFIX="/api/session", JWT_HEADER_NAME="X-Token", JWT_HEADER_TYPE="")
    document = app.test_client().get("/api/session/openapi.json", base_url="https://example.com/shop").get_json()
    assert "/api/session/me" in document["paths"]
    assert document["servers"] == [{"url": "/shop"}]
    assert document["components"]["securitySchemes"]["refresh"]["name"] == "__Host-Http-refresh_token"
    assert document["components"]["securitySchemes"]["access"] == {"type": "apiKey", "in": "header", "name": "X-Token"}


def test_clients_without_a_cookie_jar_are_told_of_the_header_where_they_may_come(
    document: dict[str, Any], make_app: Callable[..., Flask]
) -> None:
    app = make_app(name="body", RENEWAL_BODY_TRANSPORT=True)
    told = app.test_client().get("/auth/openapi.json").get_json()
    names = [
        [parameter["name"] for parameter in one["paths"]["/auth/refresh"]["post"]["parameters"]]
        for one in (document, told)
    ]
    assert names == [["X-Device-Id"], ["X-Device-Id", "X-Refresh-Transport"]]


def test_each_code_has_an_example_that_is_an_answer_of_its_form(document: dict[str, Any]) -> None:
    examples = document["components"]["examples"]
    problem = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    for code, example in examples.items():
        Draft202012Validator(problem).validate(example["value"])
        assert example["value"]["code"] == code
    assert examples["session_ended"]["value"]["detail"] == "The session has been ended."


def codes(document: dict[str, Any], path: str, method: str, status: int) -> list[str]:
    """Return the codes that an answer may have; none where it may have any."""
    schema = document["paths"][path][method]["responses"][str(status)]["content"]["application/problem+json"]["schema"]
    return [
        code for part in schema.get("allOf", ()) for code in part.get("properties", {}).get("code", {}).get("enum", [])
    ]


def test_every_code_of_a_refused_refresh_is_among_those_of_the_route(document: dict[str, Any]) -> None:
    told = {code for status in (401, 403, 422) for code in codes(document, "/auth/refresh", "post", status)}
    assert {
        "refresh_token_missing",
        "refresh_token_ambiguous",
        "refresh_token_invalid",
        "refresh_token_reused",
        "session_expired",
        "session_ended",
        "account_disabled",
        "device_mismatch",
        "untrusted_origin",
    } <= told


def test_a_host_that_refuses_sign_ins_does_so_in_words_of_its_own(tmp_path: Any, clock: Clock, app: Flask) -> None:
    client = app.test_client()
    assert codes(client.get("/auth/openapi.json").get_json(), "/auth/login", "post", 403) == [
        "https_required",
        "untrusted_origin",
    ]
    services_of(app).functions.before_sign_in = _refuse
    assert codes(client.get("/auth/openapi.json").get_json(), "/auth/login", "post", 403) == []


def _refuse(user_id: str) -> None:
    raise SignInRefusedError("not_today")


ANSWERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "register": ("post", "/auth/register", {"json": {"username": "bob", "password": PASSWORD, "device": "Phone"}}),
    "a name that is taken": ("post", "/auth/register", {"json": {"username": "alice", "password": PASSWORD}}),
    "a weak password": ("post", "/auth/register", {"json": {"username": "eve", "password": "short"}}),
    "a wrong password": ("post", "/auth/login", {"json": {"username": "alice", "password": "wrong"}}),
    "no object": ("post", "/auth/login", {"json": []}),
    "no JSON": ("post", "/auth/login", {"data": "x", "content_type": "text/plain"}),
    "nothing to refresh": ("post", "/auth/refresh", {}),
    "logout": ("post", "/auth/logout", {}),
    "me": ("get", "/auth/me", {}),
    "sessions": ("get", "/auth/sessions", {}),
    "no such session": ("delete", "/auth/sessions/nobody", {}),
    "the other sessions": ("delete", "/auth/sessions", {}),
    "no service key": ("get", "/auth/ended-sessions", {}),
}


@pytest.mark.parametrize(("method", "path", "request_"), ANSWERS.values(), ids=ANSWERS)
def test_answers_have_the_form_that_the_document_says(
    app: Flask, document: dict[str, Any], method: str, path: str, request_: dict[str, Any]
) -> None:
    headers = {} if path.endswith(("refresh", "ended-sessions")) else bearer(sign_in(app).access_token)
    answer = getattr(app.test_client(), method)(path, headers=headers, **request_)
    operation = document["paths"][path.replace("/nobody", "/{session_id}")][method]
    told = operation["responses"][str(answer.status_code)]
    if "content" in told:
        schema = {**told["content"][answer.mimetype]["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(answer.get_json())
    else:
        assert answer.data == b""


def test_what_the_document_says_of_a_route_is_a_sentence() -> None:
    assert all(operation.does.endswith(".") for operation in OPERATIONS)
