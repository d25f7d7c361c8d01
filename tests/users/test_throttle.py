"""Rate limits: sign-ins per account and per address, registrations per address, refreshes per session."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem, cookies
from argon2 import PasswordHasher
from conftest import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from guessing import *  # noqa: F403 - a fixture
from guessing import ALICE, HOME, attempt, register
from hosts import services_of, sign_in
from limits.errors import StorageError
from limits.storage import MemoryStorage
from werkzeug.test import TestResponse

from flask_renewal.identity.users.throttle import source_of


def test_the_eleventh_failure_in_a_minute_is_refused(make: Callable[..., FlaskClient]) -> None:
    client = make()
    statuses = [attempt(client).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_the_limits_do_not_tell_that_the_password_of_a_disabled_account_is_right(
    make: Callable[..., FlaskClient],
) -> None:
    client = make()
    services_of(client.application).accounts.disable("alice")
    statuses = [attempt(client, password=PASSWORD).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_a_refusal_says_when_to_come_back_and_costs_no_hash(
    make: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    attempt(client, name), attempt(client, name)
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: pytest.fail("hashed"))
    response = attempt(client, name)
    assert_problem(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert "Set-Cookie" not in response.headers


def test_the_right_password_is_refused_too_until_the_time_is_over(
    make: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = make(RENEWAL_RATELIMIT_LOGIN="2 per hour"), time.time
    attempt(client), attempt(client)
    refused = attempt(client, password=PASSWORD)
    assert refused.status_code == 429
    later = int(refused.headers["Retry-After"])
    monkeypatch.setattr(time, "time", lambda: now() + later)
    assert attempt(client, password=PASSWORD).status_code == 200


def test_an_account_is_limited_wherever_it_is_tried_from(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="3 per minute")
    statuses = [attempt(client, address=f"10.0.0.{number}").status_code for number in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert attempt(client, "bob", address="10.0.0.9").status_code == 401


def test_an_address_is_limited_whichever_account_it_tries(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="3 per minute")
    statuses = [attempt(client, f"user-{number}").status_code for number in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert attempt(client, password=PASSWORD, address="10.0.0.9").status_code == 200


def test_what_is_refused_for_the_accounts_sake_does_not_count_against_the_address(
    make: Callable[..., FlaskClient],
) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    for number in range(2):
        attempt(client, address=f"10.0.0.{number}")
    names = ["alice", "alice", "bob", "carol", "dave"]
    assert [attempt(client, name, address="10.0.0.9").status_code for name in names] == [429, 429, 401, 401, 429]


def test_the_nearer_the_end_the_sooner_one_may_come_back(
    make: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = make(RENEWAL_RATELIMIT_LOGIN="1 per hour"), time.time
    attempt(client)
    monkeypatch.setattr(time, "time", lambda: now() + 3000)
    assert 1 <= int(attempt(client).headers["Retry-After"]) <= 601


def test_every_way_to_write_a_name_counts_as_one(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    names = ["alice", "ALICE", "\uff21lice"]
    statuses = [attempt(client, name, address=f"10.0.0.{number}").status_code for number, name in enumerate(names)]
    assert statuses == [401, 401, 429]


def test_signing_in_rightly_is_not_counted(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    assert {attempt(client, password=PASSWORD).status_code for _ in range(5)} == {200}


def test_a_right_password_gives_back_what_it_took_and_no_more(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    sent = ["wrong", PASSWORD, PASSWORD, "wrong", PASSWORD]
    answers = [attempt(client, password=password, address=HOME).status_code for password in sent]
    assert answers == [401, 200, 200, 401, 429]


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429, id="one line"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", 401, id="the neighbour's line"),
        pytest.param("192.0.2.1", "::ffff:192.0.2.1", 429, id="IPv4, told as IPv6"),
        pytest.param("::ffff:192.0.2.1", "::ffff:192.0.2.2", 401, id="two that are told as IPv6"),
        pytest.param("192.0.2.1", "192.0.2.2", 401, id="two of IPv4"),
    ],
)
def test_what_counts_as_one_address(make: Callable[..., FlaskClient], one: str, other: str, answer: int) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="1 per minute")
    assert attempt(client, "bob", address=one).status_code == 401
    assert attempt(client, "carol", address=other).status_code == answer


def test_right_sign_ins_count_by_address(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    for name in ("bob", "carol"):
        register(client, name)
    statuses = [attempt(client, name, PASSWORD).status_code for name in ("alice", "bob", "carol")]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("path", ["/auth/register", "/register"])
def test_registrations_are_limited_by_address(make_app: Callable[..., Flask], path: str) -> None:
    client = make_app(RENEWAL_RATELIMIT_REGISTER="2 per hour").test_client(use_cookies=False)
    for name in ("alice", "alice"):
        register(client, name)
    content = {"data": {"username": "bob", "password": PASSWORD}} if path == "/register" else {"json": ALICE}
    response = client.post(path, **content)
    assert response.status_code == 429
    assert 3000 < int(response.headers["Retry-After"]) <= 3600
    assert register(client, "bob", address="10.0.0.1").status_code == 201


def test_what_is_no_attempt_is_not_counted(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="1 per minute")
    for content in ({}, {"username": "alice"}, {"username": "alice", "password": ""}, []):
        client.post("/auth/login", json=content, environ_overrides={"REMOTE_ADDR": "10.0.0.1"})
    assert attempt(client).status_code == 401


def test_several_limits_hold_together(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="5 per minute; 2 per hour")
    response = [attempt(client) for _ in range(3)][-1]
    assert response.status_code == 429
    assert 3000 < int(response.headers["Retry-After"]) <= 3600


def test_of_several_limits_that_are_reached_the_longest_says_when_to_come_back(
    make: Callable[..., FlaskClient],
) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per hour; 2 per minute")
    response = [attempt(client) for _ in range(3)][-1]
    assert 3000 < int(response.headers["Retry-After"]) <= 3600


def test_a_session_refreshes_60_times_a_minute(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    one, other = (sign_in(app).refresh_token for _ in range(2))
    statuses = [refresh(client, one).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert refresh(client, other).status_code == 200


def refresh(client: FlaskClient, token: str | None) -> TestResponse:
    return client.post("/auth/refresh", headers={"Cookie": f"refresh_token={token}"})


def test_a_refresh_that_is_refused_for_a_while_keeps_its_cookie(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_RATELIMIT_REFRESH="1 per hour")
    client, token = app.test_client(use_cookies=False), sign_in(app).refresh_token
    refresh(client, token)
    response = refresh(client, token)
    assert_problem(response, 429, "too_many_requests")
    assert int(response.headers["Retry-After"]) > 0
    assert not cookies(response)


def test_bad_tokens_count_against_nobody(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_RATELIMIT_REFRESH="1 per hour")
    client, token = app.test_client(use_cookies=False), sign_in(app).refresh_token
    for _ in range(5):
        refresh(client, f"{token}x")
    assert refresh(client, token).status_code == 200


def test_the_limits_can_be_switched_off(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="1 per hour", RATELIMIT_ENABLED=False)
    assert {attempt(client).status_code for _ in range(5)} == {401}


@pytest.mark.parametrize("strategy", ["fixed-window", "moving-window", "sliding-window-counter"])
def test_every_strategy_limits(make: Callable[..., FlaskClient], strategy: str) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per hour", RATELIMIT_STRATEGY=strategy)
    responses = [attempt(client) for _ in range(5)]
    assert [response.status_code for response in responses] == [401, 401, 429, 429, 429]
    assert int(responses[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("verb", ["incr", "get", "get_expiry"])
def test_while_the_counts_are_away_nobody_is_locked_out(
    make: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, verb: str
) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="1 per hour")
    attempt(client)

    def fail(*_: Any, **__: Any) -> None:
        raise StorageError(ConnectionError("redis://:secret@host"))

    monkeypatch.setattr(MemoryStorage, verb, fail)
    assert attempt(client, "bob", address="10.0.0.2").status_code == 401
    assert attempt(client).status_code in (401, 429)
    assert "secret" not in caplog.text
    assert caplog.text.count("their storage cannot be reached") == 1


def test_switched_off_the_storage_of_the_counts_is_not_asked(
    make: Callable[..., FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = make(RATELIMIT_ENABLED=False, RATELIMIT_STORAGE_URI="redis://127.0.0.1:1")
    assert attempt(client, password=PASSWORD).status_code == 200
    assert "their storage cannot be reached" not in caplog.text


@pytest.mark.parametrize("address", [None, ""])
def test_whoever_has_no_address_shares_one(address: str | None) -> None:
    assert source_of(address) == "unknown"
