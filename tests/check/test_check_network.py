"""What is between the browser and the application: proxies, host names, rate limits, the debugger."""

from collections.abc import Callable
from typing import Any

import pytest
from findings import API, worst
from flask import Flask

from flask_renewal.entrances.check import Level

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
