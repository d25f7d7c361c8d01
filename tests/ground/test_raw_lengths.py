"""What comes from outside is measured before it is looked at: no request holds the interpreter."""

import gc
import json
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from answers import COOKIE, assert_problem
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient

from flask_renewal.ground.errors import InvalidRequestError
from flask_renewal.ground.local_paths import LONGEST_PATH, is_local_path
from flask_renewal.ground.text import USERNAME_MAX_CHARACTERS, username_key
from flask_renewal.identity.users.passwords import LONGEST_BYTES, check_size

MOMENT = 0.3
"""Seconds of this thread; without a bound it takes ten times as long."""


def marks(count: int) -> str:
    """Return combining marks in the order in which they take longest to normalise."""
    return "\u0300" * (count // 2) + "\u0316" * (count // 2)


LONG = "a" + marks(31_900)
"""With what is around it, as large as a body may be."""


def sent(content: dict[str, Any]) -> dict[str, Any]:
    """Return what sends a JSON body unescaped, in a third of the bytes."""
    return {"data": json.dumps(content, ensure_ascii=False).encode(), "content_type": "application/json"}


@contextmanager
def a_moment() -> Iterator[None]:
    """Fail where it takes longer; what thousands of tests before have left to be collected is not counted."""
    gc.disable()
    try:
        begun = time.thread_time()
        yield
        taken = time.thread_time() - begun
    finally:
        gc.enable()
    assert taken < MOMENT


BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "the name of a sign-in": ("post", "login", {"username": LONG, "password": "x"}),
    "the name of a registration": ("post", "register", {"username": LONG, "password": PASSWORD}),
    "the password of a sign-in": ("post", "login", {"username": "alice", "password": LONG}),
    "the password of a registration": ("post", "register", {"username": "alice", "password": LONG}),
    "the password of a confirmation": ("post", "confirm", {"password": LONG}),
    "the old password of a change": ("put", "password", {"current_password": LONG, "new_password": PASSWORD}),
    "the new password of a change": ("put", "password", {"current_password": PASSWORD, "new_password": LONG}),
    "a device id": ("post", "login", {"username": "alice", "password": PASSWORD, "device_id": LONG}),
}


@pytest.mark.parametrize(("method", "path", "content"), BODIES.values(), ids=BODIES)
def test_a_body_of_combining_marks_is_refused_at_once(
    client: FlaskClient, login: dict[str, Any], method: str, path: str, content: dict[str, Any]
) -> None:
    with a_moment():
        response = client.open(f"/auth/{path}", method=method, headers=bearer(login["access_token"]), **sent(content))
    assert_problem(response, 422, "invalid_request")


@pytest.mark.parametrize("path", ["/login", "/register"])
@pytest.mark.parametrize("field", ["username", "password"])
def test_a_form_of_combining_marks_is_refused_at_once(client: FlaskClient, path: str, field: str) -> None:
    fields = {"username": "alice", "password": PASSWORD, field: marks(7900)}
    form = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    with a_moment():
        for _ in range(10):  # a form is a quarter of what a body may be
            response = client.post(path, data=form, content_type="application/x-www-form-urlencoded")
            assert response.status_code == 422


def test_a_device_name_is_cut(client: FlaskClient) -> None:
    content = {"username": "alice", "password": PASSWORD, "device": LONG}
    with a_moment():
        session = client.post("/auth/register", **sent(content)).get_json()["session"]
    assert session["device"] == LONG[:100]


@pytest.mark.usefixtures("login")
def test_a_long_device_id_in_the_header_is_another(client: FlaskClient) -> None:
    device_id = "d" * 256
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD, "device_id": device_id})
    assert_problem(client.post("/auth/refresh", headers={"X-Device-Id": device_id * 200}), 401, "device_mismatch")
    assert client.post("/auth/refresh", headers={"X-Device-Id": device_id}).status_code == 200


HEADERS = {
    "languages": {"Accept-Language": "a," * 300_000},
    "a browser": {"User-Agent": "Mozilla/5.0 (" * 5_000},
    "a token": {"Authorization": "Bearer " + "a.b." * 16_000},
    "a cookie": {"Cookie": f"{COOKIE}={'a.b.' * 16_000}"},
    "an origin": {"Origin": "https://" + "a." * 32_000, "Sec-Fetch-Site": "same-origin"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_long_header_holds_nobody_up(app: Flask, headers: dict[str, str]) -> None:
    client = app.test_client(use_cookies=False)
    with a_moment():
        assert client.get("/login", headers=headers).status_code == 200
        assert client.post("/auth/refresh", headers=headers).status_code == 401
        assert client.get("/auth/me", headers=headers).status_code == 401


def test_nobody_is_led_to_a_path_that_no_server_understands() -> None:
    assert is_local_path("/" + "a" * (LONGEST_PATH - 1))
    assert not is_local_path("/" + "a" * LONGEST_PATH)


@pytest.mark.parametrize(
    "work",
    [
        lambda: username_key("a" + marks(USERNAME_MAX_CHARACTERS - 2)),
        lambda: username_key("\ufdfa" * 8),
        lambda: check_size("a" + marks(LONGEST_BYTES // 2 - 2), field="password"),
    ],
    ids=["a name of marks", "a name that grows", "a password"],
)
def test_the_longest_that_is_looked_at_takes_no_time(work: Callable[[], object]) -> None:
    with a_moment():
        work()


def test_a_password_may_be_sent_decomposed() -> None:
    decomposed = unicodedata.normalize("NFD", "\u03b0" * 512)
    check_size(decomposed, field="password")
    with pytest.raises(InvalidRequestError):
        check_size(decomposed + "a", field="password")


def test_no_characters_make_less_of_more() -> None:
    """So whoever sends a password of 1,024 bytes decomposed is not refused for its length as sent."""
    every = (chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)
    for character in every:
        composed = unicodedata.normalize("NFC", character)
        assert 2 * len(unicodedata.normalize("NFD", character)) <= 3 * len(composed.encode())


@pytest.mark.parametrize("name", [LONG, "\ufdfa" * 9], ids=["before", "after"])
def test_a_name_is_measured_before_and_after(name: str) -> None:
    with a_moment(), pytest.raises(InvalidRequestError, match="more than 150 characters"):
        username_key(name)
