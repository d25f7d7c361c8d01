"""The examples of the document are what the API answers, told as one story."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import NOON, bearer
from flask import Flask

from flask_renewal.entrances.api.description import OPERATIONS
from flask_renewal.entrances.api.examples import EXAMPLES, SESSION_ID, TOKEN, USER_ID
from flask_renewal.ground.ambient import Ambient
from flask_renewal.testing import Clock

KEY = "9cZ0mXv8yqT1Kp4Wd7sB2hLf6uRj3nEa"
WITHOUT_ANSWER = {operation.id for operation in OPERATIONS if operation.answer is None}
NEED_NONE = {"get_well_known_jwks_json", "get_openapi_json", "get_healthz", "get_readyz"}


class Story:
    """What one person does, ten minutes passing after the sign-in."""

    def __init__(self, make_app: Callable[..., Flask]) -> None:
        self.clock = Clock(NOON)
        ids = iter([USER_ID, SESSION_ID])
        drawn: Iterator[int] = iter(range(1000))
        ambient = Ambient(now=self.clock, new_id=lambda: next(ids, None) or f"id-{next(drawn)}")
        self.app = make_app(name="story", ambient=ambient, RENEWAL_SERVICE_KEYS=[KEY])
        self.client = self.app.test_client()
        self.token = ""

    def ask(self, name: str, **headers: str) -> Any:
        operation = next(one for one in OPERATIONS if one.id == name)
        body = EXAMPLES.get(name, {}).get("body")
        headers = {"User-Agent": "curl/8.5.0", **bearer(self.token), **headers}
        answer = self.client.open(f"/auth{operation.path}", method=operation.method, json=body, headers=headers)
        assert answer.status_code == operation.status, answer.text
        told = answer.get_json(silent=True) or {}
        self.token = told.pop("access_token", None) or self.token
        return {**told, "access_token": TOKEN} if name in ("post_register", "post_refresh", "post_confirm") else told


def test_the_answers_are_those_of_the_examples(make_app: Callable[..., Flask]) -> None:
    story = Story(make_app)
    told = {"post_register": story.ask("post_register")}
    story.clock.tick(minutes=10)
    for name in ("post_refresh", "get_me", "get_sessions", "post_confirm"):
        told[name] = story.ask(name)
    story.app.test_client().post("/auth/login", json=EXAMPLES["post_login"]["body"])
    told["delete_sessions"] = story.ask("delete_sessions")
    for name in ("put_password", "post_logout"):
        assert story.ask(name) == {}
    answer = story.ask("get_ended_sessions", **bearer(KEY))
    told["get_ended_sessions"] = {**answer, "ended": [one for one in answer["ended"] if one["id"] == SESSION_ID]}
    assert told == {name: example["answer"] for name, example in EXAMPLES.items() if name in told}


def test_a_sign_in_is_answered_as_in_its_example(make_app: Callable[..., Flask]) -> None:
    story = Story(make_app)
    story.ask("post_register")
    answer = story.app.test_client().post("/auth/login", json=EXAMPLES["post_login"]["body"]).get_json()
    shown = EXAMPLES["post_login"]["answer"]
    assert (answer.keys(), answer["session"].keys()) == (shown.keys(), shown["session"].keys())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_that_a_person_asks_for_has_an_example(operation: Any) -> None:
    example = EXAMPLES.get(operation.id, {})
    assert ("answer" in example) == (operation.id not in WITHOUT_ANSWER | NEED_NONE)
    assert ("body" in example) == (operation.body is not None and operation.id != "post_refresh")
