"""The tree of refusals: a stable code and one sentence each, and nothing of HTTP."""

import re
from collections.abc import Iterator

import pytest

from flask_renewal.ground.errors import InvalidRequestError, RefreshError, RenewalError, TooManyRequestsError


def below(kind: type[RenewalError]) -> Iterator[type[RenewalError]]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


RAISED = [kind for kind in below(RenewalError) if hasattr(kind, "code")]


@pytest.mark.parametrize("kind", RAISED)
def test_a_refusal_has_a_code_in_lower_snake_and_a_sentence_without_its_stop(kind: type[RenewalError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", kind.code)
    assert re.fullmatch(r"[A-Z].*[^.]", kind.title)


def test_two_refusals_of_one_code_are_the_two_sides_of_an_ended_session() -> None:
    codes = [kind.code for kind in RAISED]
    assert {code for code in codes if codes.count(code) > 1} == {"session_ended"}


def test_the_detail_is_the_title_unless_there_is_more_to_say() -> None:
    assert InvalidRequestError().detail == "The request is not valid."
    assert str(InvalidRequestError("name is missing.", field="name")) == "name is missing."


def test_a_reached_limit_says_how_long_to_wait() -> None:
    error = TooManyRequestsError(retry_after=7)
    assert (error.retry_after, error.detail) == (7, "Too many requests; try again in 7 seconds.")


def test_only_a_token_that_may_yet_work_is_kept() -> None:
    kept = {kind.code for kind in below(RefreshError) if not kind.is_final}
    assert kept == {"refresh_token_missing", "refresh_token_ambiguous", "refresh_token_invalid", "device_mismatch"}
