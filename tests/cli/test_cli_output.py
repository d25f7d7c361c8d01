"""What all commands have in common: help with an example, JSON, dry runs, exit codes."""

import json
import re
import sys
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask

from flask_renewal.entrances.cli.output import count
from flask_renewal.testing import Clock, RenewalClient

Run = Callable[..., Result]
COMMANDS = (
    ("users", "add"),
    ("users", "list"),
    ("users", "password"),
    ("users", "disable"),
    ("users", "enable"),
    ("users", "delete"),
    ("sessions", "list"),
    ("sessions", "explain"),
    ("sessions", "end"),
    ("sessions", "purge"),
    ("keys", "list"),
    ("keys", "generate"),
    ("keys", "rotate"),
    ("keys", "retire"),
    ("renewal", "check"),
    ("renewal", "client"),
)
DESTRUCTIVE = (
    ("users", "disable", "alice"),
    ("users", "delete", "alice"),
    ("sessions", "end", "--user", "alice"),
    ("sessions", "purge"),
)

WOULD = r"Would (disable alice and end 2 sessions|delete alice and end 2 sessions|end 2 sessions|purge 0 sessions)\.\n"
PASSWORD = "correct staple horse battery"


@pytest.fixture
def run(renewal_app: Flask) -> Run:
    runner = renewal_app.test_cli_runner()
    return lambda *words, **options: runner.invoke(args=list(words), **options)


def facts(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(run: Run, command: tuple[str, str]) -> None:
    result = run(*command, "--help")
    assert f"Example: flask {' '.join(command)}" in result.output
    assert "--json" in result.output


def test_no_command_is_left_out(renewal_app: Flask) -> None:
    groups = {name: renewal_app.cli.commands[name] for name in ("users", "sessions", "keys", "renewal")}
    found = {
        (name, command)
        for name, group in groups.items()
        if isinstance(group, click.Group)
        for command in group.commands
        if command not in groups
    }
    assert found == set(COMMANDS)


@pytest.mark.parametrize("command", DESTRUCTIVE, ids=" ".join)
def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    run: Run, renewal_client: RenewalClient, renewal_clock: Clock, command: tuple[str, ...]
) -> None:
    renewal_client.login("alice").second_device()
    assert re.fullmatch(WOULD, run(*command, "--dry-run").output)
    renewal_client.assert_signed_in()


def test_a_dry_run_of_a_purge_counts_what_is_over(
    run: Run, renewal_client: RenewalClient, renewal_clock: Clock
) -> None:
    renewal_client.login("alice").second_device()
    renewal_clock.tick(days=8)
    assert facts(run("sessions", "purge", "--dry-run", "--json")) == {"purged": 2, "dry_run": True}
    assert facts(run("sessions", "purge", "--json")) == {"purged": 2, "dry_run": False}
    assert "Purged 0 sessions." in run("sessions", "purge").output


def test_a_purge_shows_how_far_it_is_to_somebody_who_waits(
    run: Run, renewal_client: RenewalClient, renewal_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        renewal_client.login("alice")
    renewal_clock.tick(days=8)
    monkeypatch.setattr(sys.modules["flask_renewal.entrances.cli.sessions"], "_is_watched", lambda: True)
    result = run("sessions", "purge")
    assert (result.stdout, "Purging" in result.stderr) == ("Purged 3 sessions.\n", True)


def test_a_dry_run_of_an_ending_refuses_what_the_ending_would(run: Run, renewal_client: RenewalClient) -> None:
    renewal_client.login("alice")
    session_id = renewal_client.get("/auth/me").json["session"]["id"]
    assert facts(run("sessions", "end", session_id, "--dry-run", "--json"))["ended"] == 1
    assert facts(run("sessions", "end", session_id, "--json"))["ended"] == 1
    assert run("sessions", "end", session_id, "--dry-run").exit_code == 1


def test_json_tells_the_same_as_the_sentence(run: Run, renewal_client: RenewalClient) -> None:
    renewal_client.login("alice", device="Phone")
    listed = facts(run("sessions", "list", "alice", "--json"))
    assert (listed["username"], [session["device"] for session in listed["sessions"]]) == ("alice", ["Phone"])
    changed = run("users", "password", "alice", "--password-stdin", "--json", input=f"{PASSWORD}\n")
    assert facts(changed) == {"username": "alice", "ended": 1}
    renewal_client.login("alice")
    assert facts(run("sessions", "end", "--user", "alice", "--json")) == {"ended": 1, "dry_run": False}
    assert facts(run("users", "disable", "alice", "--json")) == {"username": "alice", "ended": 0, "dry_run": False}
    assert facts(run("users", "enable", "alice", "--json")) == {"username": "alice"}
    assert facts(run("users", "list", "--json"))["username"] == "alice"
    assert facts(run("users", "delete", "alice", "--json")) == {"username": "alice", "ended": 0, "dry_run": False}


def test_json_answers_with_the_user_who_was_added(run: Run) -> None:
    added = run("users", "add", "bob", "--password-stdin", "--json", input=f"{PASSWORD}\n")
    assert facts(added)["username"] == "bob"


def test_a_refusal_is_one_sentence_on_standard_error_and_exit_code_1(run: Run) -> None:
    result = run("sessions", "list", "nobody")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "Error: There is no user 'nobody'.\n")


def test_a_refusal_in_json_carries_its_code(run: Run) -> None:
    result = run("sessions", "list", "nobody", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stderr) == {"code": "user_not_found", "detail": "There is no user 'nobody'."}


def test_wrong_usage_has_an_exit_code_of_its_own(run: Run) -> None:
    assert run("sessions", "end").exit_code == 2


@pytest.mark.parametrize(("number", "said"), [(0, "0 sessions"), (1, "1 session"), (2, "2 sessions")])
def test_numbers_are_said_as_people_say_them(number: int, said: str) -> None:
    assert count(number, "session") == said


@pytest.mark.parametrize("group", ["users", "sessions", "keys", "renewal"])
def test_a_group_explains_itself(run: Run, group: str) -> None:
    assert "Commands:" in run(group, "--help").output


@pytest.mark.parametrize(
    "words",
    [
        ("sessions", "end", "-abc"),
        ("sessions", "end", "--user", "-abc"),
        ("sessions", "list", "-abc"),
        ("users", "enable", "-abc"),
        ("users", "disable", "--abc", "--dry-run"),
        ("users", "delete", "-abc", "--json"),
        ("users", "password", "-abc", "--password-stdin"),
        ("keys", "retire", "-abc"),
    ],
    ids=" ".join,
)
def test_an_id_or_a_name_may_begin_with_a_dash(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert (result.exit_code, "no such option" in result.output.lower()) == (1, False)


def test_an_option_that_there_is_not_is_still_wrong_usage(run: Run) -> None:
    assert run("users", "disable", "alice", "--dryrun").exit_code == 2
