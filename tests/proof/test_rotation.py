"""The pure rule against the table of cases, and what a table cannot say."""

from dataclasses import replace

import pytest
from rotation_case import FRESH, IDLE_EXPIRES_AT, NOW, WINDOW, Case
from rotation_cases import CASES

from flask_renewal.rotation import Chain, Verdict, is_alive, judge, step

MOVING = (Verdict.ROTATE, Verdict.REPLACE)

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_moving_case = pytest.mark.parametrize(
    "case", [case for case in CASES if case.verdict in MOVING], ids=lambda case: case.name
)


def moved_on(chain: Chain, verdict: Verdict) -> Chain:
    return step(chain, verdict, fresh=FRESH, now=NOW, idle_expires_at=IDLE_EXPIRES_AT)


@every_case
def test_every_presented_token_gets_the_verdict_of_the_table(case: Case) -> None:
    assert judge(case.before, case.presents, now=NOW, window=WINDOW) is case.verdict


@every_moving_case
def test_rotate_and_replace_leave_the_row_as_the_table_says(case: Case) -> None:
    assert moved_on(case.before, case.verdict) == case.after


@every_moving_case
def test_what_is_handed_out_is_always_fresh(case: Case) -> None:
    assert moved_on(case.before, case.verdict).next == FRESH
    assert FRESH not in case.ids


@every_case
def test_only_rotate_and_replace_write(case: Case) -> None:
    assert (case.becomes is not None) == (case.verdict in MOVING)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in MOVING], ids=lambda v: f"{v.value} writes nothing")
def test_step_refuses_a_verdict_that_writes_nothing(verdict: Verdict) -> None:
    with pytest.raises(ValueError, match="does not move a session on"):
        moved_on(CASES[0].before, verdict)


@every_case
def test_a_session_is_alive_unless_it_is_judged_ended_or_expired(case: Case) -> None:
    assert is_alive(case.before, NOW) == (case.verdict not in (Verdict.ENDED, Verdict.EXPIRED))


@every_moving_case
def test_moving_on_keeps_the_absolute_end(case: Case) -> None:
    chain = replace(case.before, expires_at=NOW + WINDOW)
    assert moved_on(chain, case.verdict).expires_at == NOW + WINDOW


def test_the_table_has_every_verdict_and_no_name_twice() -> None:
    assert {case.verdict for case in CASES} == set(Verdict)
    assert len({case.name for case in CASES}) == len(CASES)
