"""The parts of the extension in one application, and what it makes of a request's cookies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import Clock
from cookie_names import ACCESS, REFRESH
from flask import Flask, Response
from hosts import services_of, sign_in

from flask_renewal.ground.cookies import LONGEST_COOKIE_LIFE
from flask_renewal.ground.errors import RefreshTokenAmbiguousError, RefreshTokenMissingError
from flask_renewal.identity.sessions.grants import Origin


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [(f"{REFRESH}=x", True), (f"{ACCESS}=x", True), (f"{REFRESH}=", True), ("other=x", False), ("", False)],
)
def test_a_request_has_a_cookie_of_ours_whatever_is_in_it(host: Flask, cookie: str, expected: bool) -> None:
    with host.test_request_context(headers={"Cookie": cookie}):
        assert services_of(host).has_cookie() is expected


def test_one_token_is_asked_for_and_not_guessed(host: Flask) -> None:
    with host.test_request_context():
        assert services_of(host).only(["one"]) == "one"
        with pytest.raises(RefreshTokenMissingError):
            services_of(host).only([])
        with pytest.raises(RefreshTokenAmbiguousError):
            services_of(host).only(["one", "one"])


def test_a_cookie_lives_as_long_as_its_session_may(host: Flask, clock: Clock) -> None:
    session = sign_in(host).session
    clock.tick(days=1)
    assert services_of(host).cookie_life(session) == timedelta(days=29)


def test_a_cookie_of_an_endless_session_lives_as_long_as_browsers_keep_one(adopt: Callable[..., Flask]) -> None:
    host = adopt(RENEWAL_SESSION_LIFETIME=None)
    assert services_of(host).cookie_life(sign_in(host).session) == LONGEST_COOKIE_LIFE


def test_a_session_that_is_not_remembered_has_a_cookie_that_ends_with_the_browser(host: Flask) -> None:
    assert services_of(host).cookie_life(sign_in(host, origin=Origin(remember=False)).session) is None


def test_only_cookies_that_are_ours_are_deleted(host: Flask) -> None:
    grant = sign_in(host)
    for value, deleted in ((grant.refresh_token, True), ("somebody.elses", False)):
        with host.test_request_context(headers={"Cookie": f"{REFRESH}={value}"}):
            services_of(host).clear_cookies(response := Response())
        assert bool(response.headers.getlist("Set-Cookie")) is deleted
