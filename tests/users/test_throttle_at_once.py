"""Rate limits hold for what comes at once as for what comes in a row."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import Any

import pytest
from conftest import PASSWORD, bearer
from flask.testing import FlaskClient
from guessing import *  # noqa: F403 - a fixture
from guessing import HOME, attempt
from werkzeug.test import TestResponse

from flask_renewal.ground.errors import TooManyRequestsError
from flask_renewal.identity.users.throttle import Throttle
from flask_renewal.settings import Settings


def test_a_sign_in_that_is_under_way_is_counted() -> None:
    throttle = Throttle(Settings.from_config({}), {})
    with ExitStack() as under_way:
        for number in range(10):
            under_way.enter_context(throttle.sign_in("alice", address=f"10.0.0.{number}", session_id=None))
        with pytest.raises(TooManyRequestsError), throttle.sign_in("alice", address="10.0.0.10", session_id=None):
            pass
    with throttle.sign_in("alice", address="10.0.0.10", session_id=None):
        pass


GUESS = "a wrong password, number {}"
ROADS: dict[str, Callable[[FlaskClient, dict[str, str], int], TestResponse]] = {
    "sign in": lambda client, _, number: attempt(client, password=GUESS.format(number), address=f"10.0.0.{number}"),
    "page": lambda client, _, number: client.post(
        "/login",
        data={"username": "alice", "password": GUESS.format(number)},
        environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
    ),
    "confirm": lambda client, token, number: client.post(
        "/auth/confirm", json={"password": GUESS.format(number)}, headers=token
    ),
    "change": lambda client, token, number: client.put(
        "/auth/password", json={"current_password": GUESS.format(number), "new_password": PASSWORD}, headers=token
    ),
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_of_guesses_that_come_at_once_no_more_are_judged(make: Callable[..., FlaskClient], road: Any) -> None:
    client = make()
    token = bearer(attempt(client, password=PASSWORD, address=HOME).get_json()["access_token"])

    def guess(number: int) -> int:
        return road(client.application.test_client(use_cookies=False), token, number).status_code

    with ThreadPoolExecutor(4) as threads:  # as many as always find a place before a hash
        answers = Counter(threads.map(guess, range(60)))
    answers.update(guess(60 + number) for number in range(10))
    assert answers == {401: 10, 429: 60}


def test_of_two_first_attempts_at_once_both_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = Throttle(Settings.from_config({"RENEWAL_RATELIMIT_REFRESH": "1 per hour"}), {})
    now, first = time.time, iter([True])

    def another_comes_meanwhile() -> float:
        if next(first, False):
            others.append(thread.submit(throttle.count_refresh, "sid"))
            wait(others, timeout=0.5)
        return now()

    others: list[Any] = []
    with ThreadPoolExecutor(1) as thread:
        monkeypatch.setattr(time, "time", another_comes_meanwhile)
        with pytest.raises(TooManyRequestsError):
            throttle.count_refresh("sid"), others[0].result()
