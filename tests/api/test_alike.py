"""A refusal costs the same whether or not what was asked about exists: as many hashes, the same statements."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from conftest import PASSWORD, bearer
from flask import Flask
from guessing import CHEAP
from statements import statements
from werkzeug.test import TestResponse

PEOPLE = ("alice", "carol", "nobody")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is compared with passwords from now on."""
    compared: list[str] = []

    class Counted(PasswordHasher):
        def verify(self, *compare: str | bytes) -> bool:  # type: ignore[override]
            compared.append(str(compare[0]).partition(",p=")[0])
            return CHEAP.verify(*compare)

        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            return CHEAP.hash(password)

    monkeypatch.setattr("flask_renewal.identity.users.argon2id.PasswordHasher", lambda **_: Counted())
    return compared


@pytest.fixture
def app(hashes: list[str], make_app: Callable[..., Flask]) -> Flask:
    """Return an application with alice, and carol, who is disabled."""
    app = make_app(RATELIMIT_ENABLED=False)
    for name in ("alice", "carol"):
        app.test_client().post("/auth/register", json={"username": name, "password": PASSWORD})
    app.test_cli_runner().invoke(args=["users", "disable", "carol"])
    return app


def costs(app: Flask, ask: Callable[[], TestResponse], hashes: list[str]) -> tuple[list[str], list[str], object]:
    """Return which kinds of hashes were compared, what was asked of the database, and the answer."""
    hashes.clear()
    with statements(app) as asked:
        answer = ask()
    return sorted(hashes), list(asked), (answer.status_code, answer.get_data())


@pytest.mark.parametrize("path", ["/auth/login", "/login"])
def test_signing_in_as_nobody_costs_what_a_wrong_password_does(app: Flask, hashes: list[str], path: str) -> None:
    client = app.test_client(use_cookies=False)

    def sign_in(name: str) -> TestResponse:
        content = {"username": name, "password": "a wrong password altogether"}
        return client.post(path, json=content) if path.startswith("/auth") else client.post(path, data=content)

    found = [costs(app, lambda name=name: sign_in(name), hashes) for name in PEOPLE]  # type: ignore[misc]
    assert found[0][0] == found[1][0] == found[2][0] != []
    assert found[0][1] == found[1][1] == found[2][1] != []
    if path == "/auth/login":
        assert found[0][2] == found[1][2] == found[2][2]


def test_a_session_of_somebody_elses_costs_what_none_does(app: Flask, hashes: list[str]) -> None:
    client = app.test_client(use_cookies=False)
    alice, bob = (
        client.post(path, json={"username": name, "password": PASSWORD}).get_json()
        for path, name in (("/auth/login", "alice"), ("/auth/register", "bob"))
    )
    theirs = str(bob["session"]["id"])
    none = f"{theirs[:-4]}{'AAAA' if theirs[-4:] != 'AAAA' else 'BBBB'}"

    def end(session_id: str) -> TestResponse:
        return client.delete(f"/auth/sessions/{session_id}", headers=bearer(alice["access_token"]))

    end(none)  # reads what has ended, for a while
    first, second = (costs(app, lambda which=which: end(which), hashes) for which in (theirs, none))  # type: ignore[misc]
    assert first == second
    assert first[2] != (204, b"")
