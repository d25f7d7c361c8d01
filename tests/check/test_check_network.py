"""What is between the browser and the application: proxies, host names, rate limits, the debugger."""

from collections.abc import Callable
from typing import Any

import pytest
from engines import Redis
from findings import API, found, worst
from flask import Flask

from flask_renewal.entrances.check import Level, review

Make = Callable[..., Flask]


@pytest.mark.parametrize(
    ("config", "url", "subject", "expected"),
    [
        pytest.param({}, API, "RENEWAL_TRUSTED_PROXIES", (Level.WARNING, ""), id="TLS without a trusted proxy"),
        pytest.param(
            {"RENEWAL_TRUSTED_PROXIES": 1}, API, "TRUSTED_HOSTS", (Level.WARNING, ""), id="any host name behind a proxy"
        ),
        pytest.param({}, API, "RATELIMIT_STORAGE_URI", (Level.WARNING, ""), id="each worker counts for itself"),
        pytest.param(
            {"RATELIMIT_STORAGE_URI": "redis://127.0.0.1:1/0"},
            API,
            "RATELIMIT_STORAGE_URI",
            (Level.ERROR, ""),
            id="rate limits without their storage",
        ),
        pytest.param(
            {"RATELIMIT_ENABLED": False}, API, "RATELIMIT_ENABLED", (Level.WARNING, ""), id="guessing without limit"
        ),
        pytest.param({"DEBUG": True}, API, "DEBUG", (Level.WARNING, ""), id="the debugger"),
    ],
)
def test_what_will_break_on_the_way_is_found(
    make_app: Make, config: dict[str, Any], url: str | None, subject: str, expected: tuple[Level, str]
) -> None:
    assert worst(make_app(**config), subject, url=url) == expected


LOOPBACK_PROXY = {"TRUSTED_HOSTS": ["127.0.0.1"]}


@pytest.mark.parametrize(
    ("config", "url", "code", "is_found"),
    [
        ({}, API, "proxies_untrusted", True),
        ({}, "http://localhost:5000", "proxies_untrusted", False),
        ({}, None, "proxies_untrusted", False),
        ({}, API, "proxies_trusted", False),
        ({"RENEWAL_TRUSTED_PROXIES": 1}, API, "proxies_trusted", True),
        ({"RENEWAL_TRUSTED_PROXIES": 1}, API, "proxies_untrusted", False),
        ({}, API, "cookie_downgraded", True),
        (LOOPBACK_PROXY, API, "cookie_downgraded", True),
        (LOOPBACK_PROXY, "http://localhost:5000", "cookie_downgraded", False),
        ({"TRUSTED_HOSTS": ["api.example.com"]}, API, "cookie_downgraded", False),
        ({"RENEWAL_TRUSTED_PROXIES": 1}, API, "cookie_downgraded", False),
        ({"JWT_COOKIE_SECURE": True}, API, "cookie_downgraded", False),
        ({"JWT_COOKIE_SECURE": False}, API, "cookie_downgraded", False),
        ({"JWT_COOKIE_SAMESITE": "None"}, API, "cookie_downgraded", False),
        ({"TRUSTED_HOSTS": ["api.example.com"]}, API, "hosts_untold", False),
        ({}, API, "hosts_untold", True),
        ({}, API, "debug_on", False),
        ({"DEBUG": True}, API, "debug_on", True),
        ({}, API, "rate_limits_per_process", True),
        ({"RATELIMIT_ENABLED": False}, API, "rate_limits_per_process", False),
        ({}, API, "rate_limits_off", False),
        ({"RATELIMIT_ENABLED": False}, API, "rate_limits_off", True),
        ({"RATELIMIT_STORAGE_URI": "redis://127.0.0.1:1/0"}, API, "rate_limits_unavailable", True),
    ],
    ids=str,
)
def test_each_is_said_where_it_applies_and_nowhere_else(
    make_app: Make, config: dict[str, Any], url: str | None, code: str, is_found: bool
) -> None:
    assert (code in [finding.code for finding in review(make_app(**config), url=url)]) is is_found


@pytest.mark.parametrize(
    ("proxies", "codes"), [(0, ["proxies_untrusted", "cookie_downgraded"]), (1, ["proxies_trusted"])]
)
def test_what_is_to_be_set_is_named(make_app: Make, proxies: int, codes: list[str]) -> None:
    told = found(make_app(RENEWAL_TRUSTED_PROXIES=proxies), "RENEWAL_TRUSTED_PROXIES")
    assert sorted(finding.code for finding in told) == sorted(codes)


def test_any_host_name_is_worse_behind_a_proxy(make_app: Make) -> None:
    assert worst(make_app(), "TRUSTED_HOSTS") == (Level.NOTE, "")


@pytest.mark.parametrize("by_options", [False, True], ids=["by its address", "by an address that options complete"])
def test_rate_limits_whose_storage_answers_are_no_finding(
    make_app: Make, redis_server: Redis, by_options: bool
) -> None:
    config: dict[str, Any] = {"RATELIMIT_STORAGE_URI": redis_server.url}
    if by_options:
        options = {"port": redis_server.port}
        config = {"RATELIMIT_STORAGE_URI": "redis://127.0.0.1", "RATELIMIT_STORAGE_OPTIONS": options}
    assert found(make_app(**config), "RATELIMIT_STORAGE_URI") == []
