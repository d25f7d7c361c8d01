"""Sign-ins from anywhere, right and wrong, at an application where hashing is cheap."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from argon2 import PasswordHasher
from conftest import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flask_renewal.identity.users.slots import slot_of

ALICE = {"username": "alice", "password": PASSWORD}
HOME = "127.0.0.1"
"""Where alice has signed up."""
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def make(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Callable[..., FlaskClient]:
    """Make a client, without a jar, of an application where alice has an account."""
    monkeypatch.setattr("flask_renewal.identity.users.argon2id.PasswordHasher", lambda **_: CHEAP)

    def made(**config: Any) -> FlaskClient:
        client = make_app(**config).test_client(use_cookies=False)
        register(client)
        return client

    return made


def register(client: FlaskClient, name: str = "alice", *, address: str = HOME) -> TestResponse:
    content = {"username": name, "password": PASSWORD}
    return client.post("/auth/register", json=content, environ_overrides={"REMOTE_ADDR": address})


def attempt(
    client: FlaskClient,
    name: str = "alice",
    password: str = "wrong",
    address: str = "10.0.0.1",
    *,
    cookie: str | None = None,
) -> TestResponse:
    """Sign in; `cookie` is a refresh token that comes along."""
    return client.post(
        "/auth/login",
        json={"username": name, "password": password},
        headers={"Cookie": f"refresh_token={cookie}"} if cookie else {},
        environ_overrides={"REMOTE_ADDR": address},
    )


def neighbour(of: str) -> str:
    """Return another text that is counted in the same place, where texts are counted in places."""
    return next(text for text in map("{}.".format, count()) if slot_of(text) == slot_of(of))


def use_up(client: FlaskClient, name: str = "alice") -> None:
    """Guess from many addresses, until nobody from elsewhere may sign in."""
    for number in range(256):
        if attempt(client, name, address=f"192.0.2.{number}").status_code == 429:
            return
    raise AssertionError("nothing limits strangers")
