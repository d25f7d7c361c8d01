"""Strangers cannot fill the log: ten lines a minute of each kind, and then how many there were besides."""

import logging
from typing import Any

import pytest
from flask import Flask

from flask_renewal.ground import events
from flask_renewal.ground.events import Events
from flask_renewal.ground.log_budget import LINES_A_MINUTE, LogBudget

OF_STRANGERS: list[tuple[Any, dict[str, Any]]] = [
    (events.untrusted_origin, {"refused": True}),
    (events.cross_origin_denied, {}),
    (events.refresh_token_ambiguous, {}),
    (events.access_token_refused, {"code": "token_invalid"}),
    (events.too_many_attempts, {"counted_by": "address"}),
]


class Stopwatch:
    """Seconds, which go on when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def notices(seconds: Stopwatch, caplog: pytest.LogCaptureFixture) -> Events:
    caplog.set_level(logging.INFO, logger="flask_renewal")
    return Events(Flask(__name__), monotonic=seconds)


@pytest.mark.parametrize(("signal", "facts"), OF_STRANGERS, ids=lambda each: getattr(each, "name", ""))
def test_a_flood_is_a_few_lines_and_their_number(
    notices: Events, seconds: Stopwatch, caplog: pytest.LogCaptureFixture, signal: Any, facts: dict[str, Any]
) -> None:
    for number in range(1000):
        notices.send(signal, **facts, origin=f"https://{number}.example.com")
    assert len(caplog.records) == LINES_A_MINUTE
    seconds.now += 60
    notices.send(signal, **facts, origin="https://evil.example.com")
    assert caplog.records[-1].facts["left_out"] == 1000 - LINES_A_MINUTE  # type: ignore[attr-defined]
    assert f"left_out={1000 - LINES_A_MINUTE}" in caplog.messages[-1]
    notices.send(signal, **facts, origin="https://evil.example.com")
    assert "left_out" not in caplog.messages[-1]


def test_whoever_listens_hears_of_each(notices: Events) -> None:
    heard: list[object] = []
    with events.access_token_refused.connected_to(lambda app, **facts: heard.append(facts)):
        for _ in range(50):
            notices.send(events.access_token_refused, code="token_invalid")
    assert len(heard) == 50


def test_forged_tokens_hide_no_expired_one(notices: Events, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(50):
        notices.send(events.access_token_refused, code="token_invalid")
    notices.send(events.access_token_refused, code="token_expired")
    assert caplog.messages[-1] == "access-token-refused code='token_expired'"


@pytest.mark.parametrize("signal", [events.login_failed, events.password_changed])
def test_what_happens_to_an_account_is_always_told(
    notices: Events, caplog: pytest.LogCaptureFixture, signal: Any
) -> None:
    for _ in range(50):
        notices.send(signal, user_id="7")
    assert len(caplog.records) == 50


def test_a_kind_has_a_minute_of_its_own(seconds: Stopwatch) -> None:
    budget = LogBudget(seconds)
    assert [budget.spend("one") for _ in range(LINES_A_MINUTE + 1)] == [0] * LINES_A_MINUTE + [None]
    seconds.now += 59
    assert (budget.spend("one"), budget.spend("another")) == (None, 0)
    seconds.now += 1
    assert (budget.spend("one"), budget.spend("another")) == (2, 0)
    assert [budget.spend("one") for _ in range(LINES_A_MINUTE)] == [0] * (LINES_A_MINUTE - 1) + [None]
