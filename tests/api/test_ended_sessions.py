"""What other services are told that verify our access tokens: which sessions have ended, and nothing without a key."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem, away
from conftest import Clock, bearer
from flask import Flask
from hosts import services_of, sign_in
from werkzeug.test import TestResponse

KEY, OTHER = "service key one, 32 bytes or more.", "service key two, 32 bytes or more!"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(RENEWAL_SERVICE_KEYS=[KEY, OTHER])


def ask(app: Flask, key: str = KEY, **query: Any) -> TestResponse:
    return app.test_client().get("/auth/ended-sessions", headers=bearer(key), query_string=query)


def test_a_service_is_told_which_sessions_have_ended_and_when(app: Flask, clock: Clock) -> None:
    kept, gone = sign_in(app).session, sign_in(app).session
    with app.app_context():
        services_of(app).sessions.end(gone.id, reason="logout")
    told = ask(app).get_json()
    assert told["ended"] == [{"id": gone.id, "ended_at": clock().timestamp()}]
    assert kept.id not in str(told)
    assert told["keep_for"] == 900 + 300


@pytest.mark.parametrize("key", [KEY, OTHER])
def test_each_key_opens(app: Flask, key: str) -> None:
    assert ask(app, key).status_code == 200


@pytest.mark.parametrize("key", ["", KEY[:-1], f"{KEY}x", KEY.upper(), "é" * 32], ids=ascii)
def test_no_other_key_does(app: Flask, key: str) -> None:
    refused = ask(app, key)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "service_key_invalid")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_opens_as_a_bearer_token_alone(app: Flask) -> None:
    for scheme, status in (("bearer", 200), ("Basic", 401), ("", 401)):
        told = {"Authorization": f"{scheme} {KEY}"}
        assert app.test_client().get("/auth/ended-sessions", headers=told).status_code == status


def test_nobody_opens_where_there_is_no_key_nor_with_an_access_token(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    assert ask(app, KEY).status_code == ask(app, sign_in(app).access_token).status_code == 401
    assert app.test_client().get("/auth/ended-sessions").get_json()["code"] == "service_key_invalid"


def test_whoever_asks_from_until_on_misses_nothing_and_is_told_little_twice(app: Flask, clock: Clock) -> None:
    ids = []
    until = 0.0
    told: list[str] = []
    for _ in range(4):
        with app.app_context():
            ids.append(sign_in(app).session.id)
            services_of(app).sessions.end(ids[-1], reason="logout")
        answer = ask(app, since=until).get_json()
        until = answer["until"]
        told += [one["id"] for one in answer["ended"]]
        clock.tick(seconds=200)
    assert list(dict.fromkeys(told)) == ids
    assert max(Counter(told).values()) == 2


@pytest.mark.parametrize("since", ["", "x", "-1", "nan", "inf", "1e400", "9" * 40, "٣", "1,5"], ids=ascii)
def test_a_moment_that_is_none_is_refused(app: Flask, since: str) -> None:
    refused = ask(app, since=since)
    assert assert_problem(refused, 422, "invalid_request")["field"] == "since"


def test_while_the_store_is_away_a_service_is_told_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_of(app).store, "ended_since", away)
    assert ask(app).get_json()["code"] == "store_unavailable"
