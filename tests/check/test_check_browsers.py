"""What `flask renewal check` says of cookies and origins, for each browser."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from flask_renewal.entrances.check import Level, review

API = "https://api.example.com"


@pytest.mark.parametrize(
    ("config", "url", "code", "expected"),
    [
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.org"]},
            API,
            "cookie_not_sent_across_sites",
            (Level.ERROR, "every browser"),
            id="a Lax cookie does not reach a page on another site",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.org"], "JWT_COOKIE_SAMESITE": "None"},
            API,
            "third_party_cookie_blocked",
            (Level.ERROR, "Safari"),
            id="Safari blocks third-party cookies",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["http://localhost:5173"]},
            "http://127.0.0.1:5000",
            "two_loopback_names",
            (Level.ERROR, "every browser"),
            id="localhost and 127.0.0.1 are different sites",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["http://app.example.com"]},
            API,
            "http_page_trusted",
            (Level.WARNING, "every browser"),
            id="a page over plain http can be changed on its way",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [API]},
            API,
            "own_origin_trusted",
            (Level.NOTE, ""),
            id="its own origin needs no trust",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.com"]},
            None,
            "address_unknown",
            (Level.NOTE, ""),
            id="without an address sites cannot be told",
        ),
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
def test_what_browsers_refuse_is_found(
    make_app: Callable[..., Flask], config: dict[str, Any], url: str | None, code: str, expected: tuple[Level, str]
) -> None:
    [finding] = [finding for finding in review(make_app(**config), url=url) if finding.code == code]
    assert (finding.level, ", ".join(finding.browsers)) == expected
