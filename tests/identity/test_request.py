"""What a request brings, and how long its answer lets the browser keep the cookies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from answers import cookies
from conftest import PASSWORD, Clock
from cookie_names import ACCESS, REFRESH
from flask import Flask, Response
from flask.testing import FlaskClient
from hosts import sign_in

from flask_renewal.ground.cookies import LONGEST_COOKIE_LIFE
from flask_renewal.ground.errors import RefreshTokenAmbiguousError, RefreshTokenMissingError
from flask_renewal.identity.request import clear_cookies, cookie_life, has_cookie, only
from flask_renewal.identity.services import current
from flask_renewal.identity.sessions.grants import Origin

ALICE = {"username": "alice", "password": PASSWORD}
DAY = 24 * 3600


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [(f"{REFRESH}=x", True), (f"{ACCESS}=x", True), (f"{REFRESH}=", True), ("other=x", False), ("", False)],
)
def test_a_request_has_a_cookie_of_ours_whatever_is_in_it(host: Flask, cookie: str, expected: bool) -> None:
    with host.test_request_context(headers={"Cookie": cookie}):
        assert has_cookie() is expected


def test_one_token_is_asked_for_and_not_guessed(host: Flask) -> None:
    with host.test_request_context():
        assert only(["one"]) == "one"
        with pytest.raises(RefreshTokenMissingError):
            only([])
        with pytest.raises(RefreshTokenAmbiguousError):
            only(["one", "one"])


def test_a_cookie_lives_as_long_as_its_session_may(host: Flask, clock: Clock) -> None:
    grant = sign_in(host)
    clock.tick(days=1)
    with host.app_context():
        used = current().sessions.refresh(str(grant.refresh_token), None).session
    assert cookie_life(used) == timedelta(days=29)


def test_a_cookie_of_an_endless_session_lives_as_long_as_browsers_keep_one(adopt: Callable[..., Flask]) -> None:
    host = adopt(RENEWAL_SESSION_LIFETIME=None)
    with host.app_context():
        assert cookie_life(sign_in(host).session) == LONGEST_COOKIE_LIFE


def test_a_session_that_is_not_remembered_has_a_cookie_that_ends_with_the_browser(host: Flask) -> None:
    with host.app_context():
        assert cookie_life(sign_in(host, origin=Origin(remember=False)).session) is None


def test_only_cookies_that_are_ours_are_deleted(host: Flask) -> None:
    grant = sign_in(host)
    for value, deleted in ((grant.refresh_token, True), ("somebody.elses", False)):
        with host.test_request_context(headers={"Cookie": f"{REFRESH}={value}"}):
            clear_cookies(response := Response())
        assert bool(response.headers.getlist("Set-Cookie")) is deleted


def kept(client: FlaskClient, path: str, **content: object) -> str | None:
    """Return for how many seconds the answer lets the browser keep the refresh cookie."""
    return cookies(client.post(path, json=content or None))["refresh_token"]["max-age"]


def test_a_refresh_cookie_is_kept_until_its_session_is_over_however_often_it_rotates(
    client: FlaskClient, clock: Clock
) -> None:
    assert kept(client, "/auth/register", **ALICE) == str(30 * DAY)
    clock.tick(days=3)
    assert kept(client, "/auth/refresh") == str(27 * DAY)


@pytest.mark.parametrize(("box", "seconds"), [({"remember": "on"}, "900"), ({}, None)], ids=["ticked", "not ticked"])
def test_the_pages_access_cookie_is_kept_no_longer_than_its_token_lives(
    client: FlaskClient, box: dict[str, str], seconds: str | None
) -> None:
    assert cookies(client.post("/register", data={**ALICE, **box}))["access_token"]["max-age"] == seconds
