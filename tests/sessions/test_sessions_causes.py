"""Every reason that a session is ended for is among the causes, which the documentation and the command line tell."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import flask_renewal
from flask_renewal.ground.errors import SessionEndedError
from flask_renewal.identity.sessions import ending
from flask_renewal.identity.sessions.causes import CAUSES, IDLE, LIFETIME, ran_out_by
from flask_renewal.testing.store_suite.moves import NOW, a_session

PACKAGE = Path(flask_renewal.__file__).parent


def reasons_in_the_code() -> set[str]:
    """Return what is passed as `reason` anywhere, constants by their value."""
    calls = [
        node
        for file in PACKAGE.rglob("*.py")
        if "testing" not in file.parts
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "reason"
    ]
    literal = {node.value.value for node in calls if isinstance(node.value, ast.Constant)}
    named = {getattr(ending, node.value.id, None) for node in calls if isinstance(node.value, ast.Name)}
    return {reason for reason in literal | named if isinstance(reason, str)}


def test_every_reason_that_is_written_is_a_cause_and_there_are_twelve_at_most() -> None:
    found = reasons_in_the_code() | {"reuse"}
    assert found == set(CAUSES) - {IDLE, LIFETIME}
    assert len(CAUSES) <= 12


def test_what_a_refusal_says_that_there_may_be_is_what_there_is() -> None:
    told = SessionEndedError.__doc__ or ""
    assert {reason for reason in CAUSES if f"``{reason}``" in told} == set(CAUSES) - {IDLE, LIFETIME}


@pytest.mark.parametrize("reason", CAUSES)
def test_a_cause_is_a_sentence_and_so_is_what_to_do(reason: str) -> None:
    cause = CAUSES[reason]
    assert all(said[0].isupper() and said[-1] == "." for said in (cause.happened, cause.advice))


def test_a_session_runs_out_by_the_end_that_comes_first() -> None:
    idle_first = a_session("sid", idle_expires_at=NOW, expires_at=NOW + timedelta(1))
    assert ran_out_by(idle_first) == ran_out_by(a_session("sid", expires_at=None)) == IDLE
    assert ran_out_by(a_session("sid", idle_expires_at=NOW, expires_at=NOW)) == LIFETIME
