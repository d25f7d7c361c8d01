"""Which pages get and send the cookie: what is said of trusted origins, for each browser."""

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
            {"RENEWAL_UNTRUSTED_ORIGINS": "report"},
            API,
            "untrusted_origins_let_through",
            (Level.ERROR, "every browser"),
            id="foreign pages are only reported",
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
    ],
)
def test_origins_that_get_no_cookie_are_found(
    make_app: Callable[..., Flask], config: dict[str, Any], url: str | None, code: str, expected: tuple[Level, str]
) -> None:
    assert coded(make_app(**config), code, url=url) == expected


@pytest.mark.parametrize(("code", "url"), [("http_page_trusted", API), ("http_page_without_cookie", None)])
def test_who_trusts_a_page_over_http_is_told_its_address_over_https(
    make_app: Callable[..., Flask], code: str, url: str | None
) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=["http://app.example.com"])
    [mend] = [finding.mend for finding in review(app, url=url) if finding.code == code]
    assert "trust https://app.example.com." in mend


@pytest.mark.parametrize(
    ("config", "url", "code"),
    [
        ({"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.com"]}, API, "cookie_not_sent_across_sites"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.com"]}, API, "own_origin_trusted"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.com"]}, API, "http_page_trusted"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["http://localhost:5173"]}, "http://localhost:5000", "http_page_trusted"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["http://localhost:5173"]}, "http://localhost:5000", "two_loopback_names"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.com"]}, API, "address_unknown"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["capacitor://localhost"]}, None, "address_unknown"),
        ({"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.org"]}, API, "third_party_cookie_blocked"),
        (
            {"RENEWAL_TRUSTED_ORIGINS": ["http://app.example.com"], "JWT_COOKIE_SECURE": False},
            None,
            "http_page_without_cookie",
        ),
        (
            {"RENEWAL_TRUSTED_ORIGINS": ["http://app.example.com"], "JWT_COOKIE_SAMESITE": "None"},
            None,
            "http_page_without_cookie",
        ),
        ({"RENEWAL_TRUSTED_ORIGINS": ["http://localhost:5173"]}, None, "http_page_without_cookie"),
    ],
    ids=str,
)
def test_what_browsers_accept_is_no_finding(
    make_app: Callable[..., Flask], config: dict[str, Any], url: str | None, code: str
) -> None:
    assert code not in [finding.code for finding in review(make_app(**config), url=url)]


def test_a_cookie_for_other_sites_belongs_to_one_page(make_app: Callable[..., Flask]) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=["https://app.example.org"], JWT_COOKIE_SAMESITE="None")
    assert coded(app, "third_party_cookie_partitioned") == (Level.NOTE, "Chrome, Edge, Firefox")
