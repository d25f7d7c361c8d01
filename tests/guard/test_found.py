"""What one request has found out."""

from typing import Any

from flask_renewal.guard.found import FOUND, found_in


def test_a_request_finds_again_what_it_has_found_out() -> None:
    environ: dict[str, Any] = {}
    found_in(environ).is_due = True
    assert found_in(environ).is_due
    assert environ == {FOUND: found_in(environ)}


def test_another_request_knows_nothing_of_it() -> None:
    found_in({}).ends_sessions = True
    nothing = found_in({})
    assert (nothing.is_due, nothing.ends_sessions, nothing.visit) == (False, False, None)
