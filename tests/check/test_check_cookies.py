"""Cookies that browsers drop, or that others can take."""

from collections.abc import Callable
from typing import Any

import pytest
from findings import API, coded
from flask import Flask

from flask_renewal.entrances.check import Level, review


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
            {"JWT_COOKIE_SAMESITE": "None"},
            "http://localhost:5000",
            "secure_cookie_on_loopback",
            (Level.ERROR, "Safari"),
            id="nor one for other sites, which has to be Secure",
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
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None"},
            API,
            "session_cookie_not_secure",
            (Level.ERROR, "every browser"),
            id="Flask's cookie for other sites has to be Secure",
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True},
            API,
            "session_cookie_not_partitioned",
            (Level.WARNING, "Chrome, Edge, Safari"),
            id="Flask's cookie for other sites is dropped unless Partitioned",
        ),
    ],
)
def test_cookies_that_browsers_refuse_are_found(
    make_app: Callable[..., Flask], config: dict[str, Any], url: str | None, code: str, expected: tuple[Level, str]
) -> None:
    assert coded(make_app(**config), code, url=url) == expected


@pytest.mark.parametrize(
    ("config", "url", "code"),
    [
        ({}, "http://localhost:5000", "secure_cookie_over_http"),
        ({}, "http://localhost:5000", "secure_cookie_on_loopback"),
        ({"JWT_COOKIE_SECURE": True}, API, "secure_cookie_on_loopback"),
        ({"JWT_COOKIE_SECURE": True}, "http://api.example.com", "secure_cookie_on_loopback"),
        ({"JWT_COOKIE_SECURE": True}, API, "cookie_not_secure"),
        ({}, API, "third_party_cookie_needless"),
        (
            {"JWT_COOKIE_SAMESITE": "None", "RENEWAL_TRUSTED_ORIGINS": ["https://app.example.org"]},
            API,
            "third_party_cookie_needless",
        ),
        ({}, API, "strict_cookie"),
        ({}, API, "cookie_domain_foreign"),
        ({"JWT_COOKIE_DOMAIN": "api.example.com"}, API, "cookie_domain_foreign"),
        ({"JWT_COOKIE_DOMAIN": ".Example.com"}, API, "cookie_domain_foreign"),
        ({"JWT_COOKIE_DOMAIN": "example.com"}, None, "cookie_domain_foreign"),
        ({"SESSION_COOKIE_SAMESITE": "Lax"}, API, "session_cookie_not_secure"),
        (
            {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_PARTITIONED": True},
            API,
            "session_cookie_not_partitioned",
        ),
    ],
    ids=str,
)
def test_what_browsers_accept_is_no_finding(
    make_app: Callable[..., Flask], config: dict[str, Any], url: str | None, code: str
) -> None:
    assert code not in [finding.code for finding in review(make_app(**config), url=url)]


@pytest.mark.parametrize(
    ("domain", "url"), [("com", API), ("ample.com", API), ("v2.api.example.com", API), ("localhost", None)]
)
def test_a_domain_that_does_not_stand_for_the_host_drops_the_cookie(
    make_app: Callable[..., Flask], domain: str, url: str | None
) -> None:
    assert coded(make_app(JWT_COOKIE_DOMAIN=domain), "cookie_domain_foreign", url=url)[0] is Level.ERROR
