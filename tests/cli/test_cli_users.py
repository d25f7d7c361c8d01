"""`flask users …`: one sentence out, an exit code other than 0 on failure."""

from collections.abc import Callable
from io import BytesIO

import pytest
from answers import rows, session_count
from command_line import Run, command_line
from conftest import PASSWORD, bearer
from flask import Flask
from hosts import services_of, sign_in


@pytest.fixture
def run(app: Flask) -> Run:
    return command_line(app)


def names(app: Flask) -> list[str]:
    return [row[0] for row in rows(app, "SELECT username FROM renewal_user ORDER BY username")]


def test_a_user_is_added_with_a_password_from_standard_input(app: Flask, run: Run) -> None:
    result = run("users", "add", "Alice", "--password-stdin", typed=PASSWORD + "\n")
    assert (result.exit_code, result.output) == (0, "Added Alice.\n")
    response = app.test_client().post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert response.status_code == 200


def test_a_user_is_added_with_a_password_that_is_asked_for_twice(app: Flask, run: Run) -> None:
    result = run("users", "add", "alice", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert names(app) == ["alice"]


def test_registration_may_be_closed_to_others(make_app: Callable[..., Flask]) -> None:
    app = make_app(name="closed", RENEWAL_REGISTRATION=False)
    result = app.test_cli_runner().invoke(args=["users", "add", "alice", "--password-stdin"], input=PASSWORD)
    assert result.output == "Added alice.\n"


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("alice", "short\n", "at least 12 characters"),
        ("alice", "password1234\n", "one of the first that anybody would try"),
        ("alice", "\n", "password must not be empty"),
        ("alice", "", "password must not be empty"),
        ("alice", "x" * 1025 + "\n", "more than 1024 bytes"),
        ("alice", b"caf\xe9 au lait, s'il vous plait\n", "not UTF-8"),
        ("a\u202eb", PASSWORD, "invisible or control characters"),
        ("a\udcff", PASSWORD, "invisible or control characters"),
        (" ", PASSWORD, "must not be empty"),
        ("ALICE", PASSWORD, "taken"),
    ],
    ids=ascii,
)
def test_a_user_that_cannot_be_is_refused_in_one_sentence(
    app: Flask, run: Run, name: str, password: str | bytes, sentence: str
) -> None:
    if name == "ALICE":
        sign_in(app)
    before = names(app)
    result = run("users", "add", name, "--password-stdin", typed=password)
    assert result.exit_code != 0
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert names(app) == before


def test_of_a_line_without_end_no_more_is_read_than_a_password_can_be(run: Run) -> None:
    endless = BytesIO(b"x" * 1_000_000)
    result = run("users", "add", "alice", "--password-stdin", typed=endless)
    assert "more than 1024 bytes" in result.output
    assert len(endless.read()) > 900_000


def test_disabling_a_user_ends_the_sessions(app: Flask, run: Run) -> None:
    grants = [sign_in(app), sign_in(app)]
    result = run("users", "disable", "ALICE")
    assert (result.exit_code, result.output) == (0, "Disabled ALICE and ended 2 sessions.\n")
    assert session_count(app) == 0
    response = app.test_client().get("/auth/me", headers=bearer(grants[0].access_token))
    assert response.get_json()["code"] == "session_ended"


def test_disabling_a_user_who_has_no_session(app: Flask, run: Run) -> None:
    services_of(app).sessions.end(sign_in(app).session.id, reason="test")
    assert run("users", "disable", "alice").output == "Disabled alice and ended 0 sessions.\n"


@pytest.mark.parametrize(
    "words",
    [("users", "disable"), ("sessions", "list"), ("sessions", "end", "--user")],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["nobody", "' OR 1=1--", "%", "a\udcff"], ids=ascii)
def test_a_user_who_is_not_is_said_so(run: Run, words: tuple[str, ...], name: str) -> None:
    result = run(*words, name)
    assert result.exit_code != 0
    assert result.output.startswith("Error: ")
