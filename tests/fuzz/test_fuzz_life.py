"""Whole lives of sessions in any order of events, with a model beside the application that tells each answer.

`RENEWAL_FUZZ` multiplies the number of lives.
"""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import Clock
from flask import Flask
from guessing import CHEAP
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from life_world import World

TIMES = int(os.environ.get("RENEWAL_FUZZ", "1"))
LIVES, STEPS = 40, 50


def test_every_answer_in_any_life_is_the_one_that_the_model_tells(
    make_app: Callable[..., Flask], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flask_renewal.identity.users.argon2id.PasswordHasher", lambda **_: CHEAP)
    app = make_app(RATELIMIT_ENABLED=False, RENEWAL_REVOCATION_DELAY=timedelta(0))

    class Here(World):
        pass

    Here.app, Here.clock = app, clock
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=TIMES * LIVES,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
