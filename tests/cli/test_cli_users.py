"""`flask users …`: one sentence out, an exit code other than 0 on failure."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from answers import import_hash, rows, session_count
from command_line import Run, command_line
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from hosts import services_of, sign_in
from proving_hosts import ProvingHost
from sqlalchemy import text

from flask_renewal.standalone.models import db
from flask_renewal.testing import RenewalClient

NEW = "another quite long secret"


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


def test_two_passwords_that_differ_add_nobody(app: Flask, run: Run) -> None:
    assert run("users", "add", "alice", typed=f"{PASSWORD}\n{NEW}\n").exit_code == 1
    assert names(app) == []


def test_a_program_is_told_who_was_added_and_who_there_is(run: Run) -> None:
    added = json.loads(run("users", "add", "alice", "--password-stdin", "--json", typed=PASSWORD).stdout)
    told = {"created_at": "2026-01-01T12:00:00Z", "disabled": False}
    assert json.loads(run("users", "list", "--json").stdout) == {**added, **told}
    assert (set(added), added["username"]) == ({"id", "username"}, "alice")


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
    [
        ("users", "disable"),
        ("users", "enable"),
        ("users", "delete"),
        ("users", "password", "--password-stdin"),
        ("sessions", "list"),
        ("sessions", "end", "--user"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["nobody", "' OR 1=1--", "%", "a\udcff"], ids=ascii)
def test_a_user_who_is_not_is_said_so(run: Run, words: tuple[str, ...], name: str) -> None:
    result = run(*words, name)
    assert result.exit_code != 0
    assert result.output.startswith("Error: ")


def test_a_user_who_is_enabled_again_signs_in_anew(app: Flask, run: Run) -> None:
    run("users", "add", "alice", "--password-stdin", typed=PASSWORD)
    grant = sign_in(app)
    run("users", "disable", "alice")
    assert run("users", "enable", "ALICE").output == "Enabled ALICE.\n"
    assert app.test_client().get("/auth/me", headers=bearer(grant.access_token)).status_code == 401
    assert password_works(app, PASSWORD)


def password_works(app: Flask, password: str) -> bool:
    content = {"username": "alice", "password": password}
    return app.test_client().post("/auth/login", json=content).status_code == 200


@pytest.mark.parametrize("words", [("--password-stdin",), ()], ids=["from standard input", "asked for twice"])
def test_a_new_password_ends_every_session(app: Flask, run: Run, words: tuple[str, ...]) -> None:
    run("users", "add", "alice", "--password-stdin", typed=PASSWORD)
    sign_in(app), sign_in(app)
    result = run("users", "password", "alice", *words, typed=f"{NEW}\n{NEW}\n")
    assert result.output.endswith("Changed the password of alice and ended 2 sessions.\n")
    assert NEW not in result.output
    assert (session_count(app), password_works(app, PASSWORD), password_works(app, NEW)) == (0, False, True)


def test_a_new_password_that_is_weak_changes_nothing(app: Flask, run: Run) -> None:
    sign_in(app)
    result = run("users", "password", "alice", "--password-stdin", typed="short")
    assert (result.exit_code, "at least 12 characters" in result.output) == (1, True)
    assert session_count(app) == 1


def test_a_user_is_deleted_with_the_sessions_and_the_name_is_free(app: Flask, run: Run) -> None:
    sign_in(app), sign_in(app), sign_in(app, "bob")
    assert run("users", "delete", "ALICE").output == "Deleted ALICE and ended 2 sessions.\n"
    assert (names(app), session_count(app)) == (["bob"], 1)
    assert set(rows(app, "SELECT ended_reason FROM renewal_session")) == {("account_deleted",), (None,)}
    assert run("users", "add", "alice", "--password-stdin", typed=PASSWORD).exit_code == 0


def test_whoever_had_the_session_is_told_that_the_account_is_deleted(app: Flask, run: Run) -> None:
    client = RenewalClient(app).login("alice")
    run("users", "delete", "alice")
    refusal = client.refresh().json
    assert (refusal["code"], refusal["reason"]) == ("session_ended", "account_deleted")


def test_users_are_listed_by_name(run: Run, app: Flask) -> None:
    for name in ("carol", "alice", "bob"):
        sign_in(app, name)
    run("users", "disable", "bob")
    assert run("users", "list").output.splitlines() == [
        "id-of-alice  alice  since 2026-01-01",
        "id-of-bob  bob  since 2026-01-01  disabled",
        "id-of-carol  carol  since 2026-01-01",
        "3 users.",
    ]


def test_the_list_of_users_has_no_hash_and_nothing_that_steers_a_terminal(run: Run, app: Flask) -> None:
    sign_in(app)
    import_hash(app, "secret")
    with app.app_context():
        db.session.execute(text("UPDATE renewal_user SET username = :name"), {"name": "al\x1b[2Jice"})
        db.session.commit()
    told = run("users", "list").output + run("users", "list", "--json").output
    assert ("secret" in told, "\x1b" in told) == (False, False)


def test_nobody_is_listed_as_nobody(run: Run) -> None:
    assert (run("users", "list").output, run("users", "list", "--json").output) == ("0 users.\n", "")


def test_there_are_no_users_to_command_where_the_host_proves_who_people_are(tmp_path: Path, clock: Clock) -> None:
    host = ProvingHost(tmp_path / "instance", clock)
    host.add("7")
    host.start("7")
    assert "users" not in host.app.cli.commands
    listed = host.app.test_cli_runner().invoke(args=["sessions", "list", "7"])
    assert listed.output.endswith("7 has 1 session.\n")
    refused = host.app.test_cli_runner().invoke(args=["renewal", "users", "list"])
    assert refused.exit_code == 1
    assert "the host proves who people are" in refused.output
