"""Keys of Flask-JWT-Extended's that say nothing here are named."""

from collections.abc import Callable
from typing import Any

import pytest
from findings import coded, found
from flask import Flask
from flask_jwt_extended import JWTManager

from flask_renewal.entrances.check import Level, review


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("JWT_ACCESS_CSRF_HEADER_NAME", "X-XSRF-TOKEN"),
        ("JWT_CSRF_CHECK_FORM", True),
        ("JWT_REFRESH_COOKIE_PATH", "/auth/refresh"),
        ("JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----"),
        ("JWT_DECODE_ALGORITHMS", ["RS256", "HS256"]),
        ("JWT_DECODE_AUDIENCE", "me"),
        ("JWT_DECODE_ISSUER", "me"),
        ("JWT_ENCODE_NBF", False),
        ("JWT_VERIFY_SUB", False),
        ("JWT_ERROR_MESSAGE_KEY", "error"),
    ],
)
@pytest.mark.parametrize("prepare", [None, JWTManager], ids=["our manager", "the host's manager"])
def test_a_key_that_says_nothing_here_is_named(
    adopt: Callable[..., Flask], prepare: Any, key: str, value: object
) -> None:
    app = adopt(prepare=prepare, **{key: value})
    assert coded(app, "jwt_key_unheard") == (Level.NOTE, "")
    assert found(app, key)


@pytest.mark.parametrize("location", ["cookies", ["headers", "cookies"]])
def test_tokens_in_cookies_are_led_to_page_required(adopt: Callable[..., Flask], location: Any) -> None:
    assert coded(adopt(JWT_TOKEN_LOCATION=location), "jwt_cookies_location") == (Level.NOTE, "")


@pytest.mark.parametrize("prepare", [None, JWTManager], ids=["our manager", "the host's manager"])
def test_who_sets_none_of_them_hears_nothing(adopt: Callable[..., Flask], prepare: Any) -> None:
    codes = {finding.code for finding in review(adopt(prepare=prepare, JWT_ENCODE_AUDIENCE="me"))}
    assert not codes & {"jwt_key_unheard", "jwt_cookies_location"}
