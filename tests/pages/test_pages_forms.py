"""Submitted forms: few fields, each once."""

import pytest
from conftest import PASSWORD
from flask.testing import FlaskClient

ODD = {
    "a field sent twice": {"data": {"username": ["alice", "bob"], "password": PASSWORD}},
    "another encoding": {"json": {"username": "alice", "password": PASSWORD}},
    "a form of parts": {"data": {"username": "alice", "password": PASSWORD}, "content_type": "multipart/form-data"},
    "2000 fields": {"data": {f"f{number}": "x" for number in range(2000)}},
    "17 kB": {"data": {"username": "x" * 17_000}},
    "21 times one field": {"data": {"username": ["alice"] * 21}},
    "a body without a type": {"data": b"username=alice&password=x", "content_type": ""},
    "a NUL": {"data": {"username": "alice", "password": "correct staple\0horse"}},
}
WORDS = {
    400: "Your browser sent something that this site cannot read.",
    413: "That is more than this site takes in.",
}


@pytest.mark.parametrize("sent", ODD.values(), ids=ODD)
def test_what_no_form_of_ours_sends_is_refused_with_a_page(client: FlaskClient, sent: dict[str, object]) -> None:
    page = client.post("/login", **sent)
    assert page.mimetype == "text/html"
    assert WORDS[page.status_code] in page.text
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("path", ["/login", "/register"])
def test_a_field_that_is_only_looked_at_is_sent_once_too(client: FlaskClient, path: str) -> None:
    sent = {"username": "alice", "password": [PASSWORD, "x"], "show": "password"}
    assert client.post(path, data=sent).status_code == 400


BODY = b"username=alice&password="


@pytest.mark.parametrize(("length", "status"), [(16 * 1024, 422), (16 * 1024 + 1, 413)])
def test_a_form_has_up_to_16_kib(client: FlaskClient, length: int, status: int) -> None:
    answer = client.post(
        "/login", data=BODY + b"x" * (length - len(BODY)), content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.mimetype) == (status, "text/html")


@pytest.mark.parametrize(("others", "status"), [(18, 422), (19, 400)])
def test_a_form_has_up_to_20_fields(client: FlaskClient, others: int, status: int) -> None:
    fields = {"username": "alice", "password": ""} | {f"other{number}": "x" for number in range(others)}
    assert client.post("/login", data=fields).status_code == status


def test_an_empty_post_is_a_form_without_fields(client: FlaskClient) -> None:
    answer = client.post("/login")
    assert (answer.status_code, "type your user name" in answer.text) == (422, True)
