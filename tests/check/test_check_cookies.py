"""Cookies that browsers drop, or that others can take."""

from collections.abc import Callable
from typing import Any

import pytest
from findings import API, coded
from flask import Flask

from flask_renewal.entrances.check import Level


@pytest.mark.parametrize(
    ("config", "url", "code", "expected"),
    [
        pytest.param(
            {"JWT_COOKIE_SECURE": True},
            "http://localhost:5000",
            "secure_cookie_on_loopback",
            (Level.ERROR, "Safari"),
            id="Safari keeps no Secure cookie over http",
        ),
        pytest.param(
            {},
            "http://api.example.com",
            "secure_cookie_over_http",
            (Level.ERROR, "every browser"),
            id="nor does anyone else",
        ),
        pytest.param(
            {"JWT_COOKIE_SECURE": False},
            API,
            "cookie_not_secure",
            (Level.WARNING, "every browser"),
            id="a cookie that is not Secure can be taken",
        ),
        pytest.param(
            {"JWT_COOKIE_SAMESITE": "None"},
            API,
            "third_party_cookie_needless",
            (Level.WARNING, "every browser"),
            id="SameSite=None without another origin is needless",
        ),
        pytest.param(
            {"JWT_COOKIE_SAMESITE": "Strict"},
            API,
            "strict_cookie",
            (Level.NOTE, "every browser"),
            id="Strict makes links arrive signed out",
        ),
        pytest.param(
            {"JWT_COOKIE_DOMAIN": "example.org"},
            API,
            "cookie_domain_foreign",
            (Level.ERROR, "every browser"),
            id="a foreign Domain drops the cookie",
        ),
        pytest.param(
            {"JWT_COOKIE_DOMAIN": "example.com"},
            API,
            "cookie_domain_shared",
            (Level.WARNING, "every browser"),
            id="a Domain shares the cookie",
        ),
    ],
)
def test_cookies_that_browsers_refuse_are_found(
    make_app: Callable[..., Flask], config: dict[str, Any], url: str | None, code: str, expected: tuple[Level, str]
) -> None:
    assert coded(make_app(**config), code, url=url) == expected
