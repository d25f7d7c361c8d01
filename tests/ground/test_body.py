"""Bodies: JSON objects, whatever somebody makes of that; never an internal error."""

from io import BytesIO
from typing import Any

import pytest
from answers import assert_problem, session_count
from conftest import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from statements import statements

from flask_renewal import create_app

GOOD = f'"username": "alice", "password": "{PASSWORD}"'
POSTS = ["/auth/login", "/auth/register", "/auth/refresh", "/auth/logout"]

NOT_JSON = {
    "a brace": b"{",
    "not UTF-8": b'{"username": "\xff", "password": "x"}',
    "UTF-16": ("{" + GOOD + "}").encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{" + GOOD.encode() + b"}",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a number": b"5",
    "true": b"true",
    "two objects": b"{}{}",
    "a comment": b"{/* x */}",
    "a single quote": b"{'username': 'alice'}",
    "a comma too many": b"{" + GOOD.encode() + b",}",
    "NaN": b"{" + GOOD.encode() + b', "x": NaN}',
    "Infinity": b"{" + GOOD.encode() + b', "x": [-Infinity]}',
    "1e400": b"{" + GOOD.encode() + b', "x": 1e400}',
    "an integer of 5,000 digits": b"{" + GOOD.encode() + b', "x": ' + b"9" * 5000 + b"}",
    "a name twice": b"{" + GOOD.encode() + b', "username": "bob"}',
    "a name twice further in": b"{" + GOOD.encode() + b', "x": {"a": 1, "a": 1}}',
    "a name twice, once escaped": b"{" + GOOD.encode() + b', "\\u0075sername": "bob"}',
    "30,000 brackets": b"[" * 30_000,
    "30,000 brackets and their ends": b"[" * 30_000 + b"]" * 30_000,
    "10,000 objects in one another": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a control character": b'{"username": "a\x01b"}',
    "a blank": b" ",
    "a NUL": b"\x00",
}


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application that stays as it is, for it is sent nothing that it takes."""
    return create_app(instance_path=tmp_path_factory.mktemp("body") / "instance").test_client()


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("data", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_object_is_invalid(refusing: FlaskClient, path: str, data: bytes) -> None:
    response = refusing.post(path, data=data, content_type="application/json")
    assert_problem(response, 422, "invalid_request")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("depth", [*range(950, 1000, 10), 2000, 5000])
def test_no_depth_of_nesting_is_an_internal_error(refusing: FlaskClient, depth: int) -> None:
    data = b"{" + GOOD.encode() + b', "x": ' + b"[" * depth + b"]" * depth + b"}"
    response = refusing.post("/auth/login", data=data, content_type="application/json")
    assert response.status_code in (401, 422)


@pytest.mark.parametrize("field", ["username", "password", "device", "device_id"])
@pytest.mark.parametrize("value", ["\\ud800", "a\\udfffb", "\\udc00\\ud800"])
def test_half_a_character_is_refused_by_its_fields_name(refusing: FlaskClient, field: str, value: str) -> None:
    members = {"username": '"alice"', "password": f'"{PASSWORD}"', field: f'"{value}"'}
    data = "{" + ", ".join(f'"{name}": {text}' for name, text in members.items()) + "}"
    response = refusing.post("/auth/register", data=data, content_type="application/json")
    assert assert_problem(response, 422, "invalid_request")["field"] == field


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
def test_nul_is_refused_by_its_fields_name(refusing: FlaskClient, path: str, field: str) -> None:
    content = {"username": "alice", "password": PASSWORD, field: f"{PASSWORD}\0"}
    assert assert_problem(refusing.post(path, json=content), 422, "invalid_request")["field"] == field


def test_a_whole_character_beyond_the_basic_plane_is_no_half(client: FlaskClient) -> None:
    data = '{"username": "\\ud83d\\ude00", "password": "' + PASSWORD + '"}'
    response = client.post("/auth/register", data=data, content_type="application/json")
    assert response.get_json()["user"]["username"] == "\U0001f600"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "",
        "x",
        None,
    ],
    ids=repr,
)
@pytest.mark.parametrize("path", POSTS)
def test_another_media_type_is_refused(app: Flask, client: FlaskClient, login: Any, path: str, media_type: str) -> None:
    response = client.post(path, data="{" + GOOD + "}", content_type=media_type)
    assert_problem(response, 415, "unsupported_media_type")
    assert session_count(app) == 1


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="x"']
)
@pytest.mark.usefixtures("login")
def test_parameters_of_the_media_type_do_not_matter(client: FlaskClient, media_type: str) -> None:
    assert client.post("/auth/login", data="{" + GOOD + "}", content_type=media_type).status_code == 200


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("media_type", [None, "text/plain", "application/json"], ids=repr)
def test_without_a_body_the_media_type_does_not_matter(client: FlaskClient, media_type: str | None) -> None:
    assert client.post("/auth/refresh", content_type=media_type).status_code == 200
    assert client.post("/auth/logout", content_type=media_type).status_code == 204


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_more_than_64_kib_are_refused(refusing: FlaskClient, path: str, chunked: bool) -> None:
    data = b"{" + GOOD.encode() + b"}"
    response = refusing.post(path, data=data + b" " * (64 * 1024 + 1 - len(data)), **framing(chunked))
    assert_problem(response, 413, "payload_too_large")


def framing(chunked: bool) -> dict[str, Any]:
    """Say how the test client sends a body; in chunks there is no length to go by."""
    if not chunked:
        return {"content_type": "application/json"}
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    return {"content_type": "application/json", "environ_overrides": environ}


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_of_what_is_too_large_no_more_is_read(refusing: FlaskClient, chunked: bool) -> None:
    body = BytesIO(b" " * 1024 * 1024)
    length = {} if chunked else {"CONTENT_LENGTH": str(1024 * 1024)}
    how = framing(chunked)
    how["environ_overrides"] = {**how.get("environ_overrides", {}), **length, "wsgi.input": body}
    assert_problem(refusing.post("/auth/login", **how), 413, "payload_too_large")
    assert body.tell() <= 64 * 1024 + 1


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_64_kib_are_taken(client: FlaskClient, chunked: bool) -> None:
    data = b"{" + GOOD.encode() + b"}"
    response = client.post("/auth/login", data=data + b" " * (64 * 1024 - len(data)), **framing(chunked))
    assert response.status_code == 200


def test_members_that_nobody_asks_for_are_ignored(client: FlaskClient) -> None:
    content = {"username": "alice", "password": PASSWORD, "is_admin": True, "x": [None, {"y": 1.5}]}
    assert client.post("/auth/register", json=content).status_code == 201


def test_what_is_refused_is_not_looked_up(app: Flask, client: FlaskClient) -> None:
    with statements(app) as sent:
        for data in NOT_JSON.values():
            client.post("/auth/login", data=data, content_type="application/json")
    assert sent == []


def test_a_name_that_is_given_twice_is_named(refusing: FlaskClient) -> None:
    data = b"{" + GOOD.encode() + b', "username": "bob"}'
    response = refusing.post("/auth/login", data=data, content_type="application/json")
    assert assert_problem(response, 422, "invalid_request")["field"] == "username"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400"])
def test_a_field_that_is_no_number_is_named(refusing: FlaskClient, value: str) -> None:
    data = f'{{"username": {value}, "password": "{PASSWORD}"}}'
    response = refusing.post("/auth/login", data=data, content_type="application/json")
    assert assert_problem(response, 422, "invalid_request")["field"] == "username"


@pytest.mark.parametrize("data", NOT_JSON.values(), ids=NOT_JSON)
def test_nothing_that_was_sent_comes_back(refusing: FlaskClient, data: bytes) -> None:
    response = refusing.post("/auth/login", data=data, content_type="application/json")
    assert PASSWORD not in response.text
    assert "alice" not in response.text
