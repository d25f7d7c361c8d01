"""Ending other sessions asks for a proof that is not too old, where the host says what that is."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import sign_in

CHALLENGE = 'Bearer error="insufficient_user_authentication", max_age="300"'


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(RENEWAL_CONFIRM_AFTER=300).test_client()


@pytest.fixture
def person(client: FlaskClient) -> dict[str, Any]:
    """Somebody who has another session, whose id is `other`."""
    content = {"username": "alice", "password": PASSWORD}
    other = client.application.test_client().post("/auth/register", json=content).get_json()["session"]["id"]
    return {**client.post("/auth/login", json=content).get_json(), "other": other}


def carried(person: dict[str, Any]) -> dict[str, str]:
    return bearer(person["access_token"])


def test_soon_after_a_sign_in_others_are_ended(client: FlaskClient, person: dict[str, Any], clock: Clock) -> None:
    clock.tick(seconds=300)
    assert client.delete(f"/auth/sessions/{person['other']}", headers=carried(person)).status_code == 204
    assert client.delete("/auth/sessions", headers=carried(person)).status_code == 200


@pytest.mark.parametrize("path", ["/auth/sessions", "/auth/sessions/{other}"])
def test_later_the_proof_is_asked_for_and_nothing_ends(
    client: FlaskClient, person: dict[str, Any], clock: Clock, path: str
) -> None:
    clock.tick(seconds=301)
    answer = client.delete(path.format(**person), headers=carried(person))
    assert_problem(answer, 401, "fresh_token_required")
    assert answer.headers["WWW-Authenticate"] == CHALLENGE
    assert len(client.get("/auth/sessions", headers=carried(person)).get_json()["sessions"]) == 2


def test_a_refresh_proves_nothing(client: FlaskClient, person: dict[str, Any], clock: Clock) -> None:
    clock.tick(seconds=301)
    refreshed = client.post("/auth/refresh").get_json()
    assert_problem(client.delete("/auth/sessions", headers=carried(refreshed)), 401, "fresh_token_required")


def test_a_confirmation_does(client: FlaskClient, person: dict[str, Any], clock: Clock) -> None:
    clock.tick(seconds=301)
    confirmed = client.post("/auth/confirm", json={"password": PASSWORD}, headers=carried(person)).get_json()
    assert client.delete("/auth/sessions", headers=carried(confirmed)).get_json() == {"ended": 1}


def test_ones_own_session_ends_without(client: FlaskClient, person: dict[str, Any], clock: Clock) -> None:
    clock.tick(seconds=301)
    assert client.delete(f"/auth/sessions/{person['session']['id']}", headers=carried(person)).status_code == 204


def test_unless_it_is_set_no_proof_is_asked_for(app: Flask, clock: Clock) -> None:
    token = sign_in(app).access_token
    clock.tick(minutes=14)
    assert app.test_client().delete("/auth/sessions", headers=bearer(token)).status_code == 200
