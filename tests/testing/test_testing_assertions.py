"""What the kit asserts, and in which words it fails."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from flask_renewal.testing import Clock, RenewalClient


def test_an_assertion_says_what_happened(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    with pytest.raises(AssertionError, match=r"alice is still signed in\nsession \S+ of alice lives until"):
        renewal_client.assert_ended()
    with pytest.raises(AssertionError, match="alice is signed in, not bob"):
        renewal_client.assert_signed_in("bob")
    renewal_clock.tick(days=8)
    with pytest.raises(AssertionError, match="session_expired"):
        renewal_client.assert_signed_in()
    with pytest.raises(AssertionError, match="ended with session_expired, not refresh_token_reused"):
        renewal_client.assert_ended("refresh_token_reused")


def test_an_assertion_names_the_cookie_that_was_dropped(renewal_app: Flask) -> None:
    client = RenewalClient(renewal_app, base_url="http://app.example.com").login("alice")
    client.access_token = None
    with pytest.raises(AssertionError, match="dropped the cookie __Host-Http-refresh_token: it is Secure"):
        client.assert_signed_in()


def test_an_assertion_touches_nothing(renewal_client: RenewalClient, renewal_clock: Clock) -> None:
    renewal_client.login("alice")
    renewal_clock.tick(minutes=20)
    before = renewal_client.cookie("refresh_token")
    renewal_client.assert_signed_in()
    assert renewal_client.cookie("refresh_token") == before


@pytest.mark.parametrize(
    ("finish", "code"),
    [
        pytest.param(lambda client: client.logout(everywhere=True), "session_ended", id="signing out everywhere"),
        pytest.param(lambda client: client.clock.tick(days=31), "session_expired", id="time"),
        pytest.param(
            lambda client: client.application.extensions["flask-renewal"].accounts.disable("alice"),
            "account_disabled",
            id="disabling the account",
        ),
    ],
)
def test_an_ended_session_says_why(
    renewal_client: RenewalClient, finish: Callable[[RenewalClient], Any], code: str
) -> None:
    phone = renewal_client.login("alice").second_device()
    finish(phone)
    renewal_client.assert_ended(code)
