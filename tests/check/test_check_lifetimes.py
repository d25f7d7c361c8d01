"""Times that do not fit together, or never end."""

from collections.abc import Callable
from typing import Any

import pytest
from findings import API, coded, worst
from flask import Flask

from flask_renewal.entrances.check import Level, review

Make = Callable[..., Flask]


@pytest.mark.parametrize(
    ("config", "url", "code", "expected"),
    [
        pytest.param(
            {"JWT_ACCESS_TOKEN_EXPIRES": 7200},
            API,
            "access_token_long",
            (Level.WARNING, ""),
            id="long access tokens",
        ),
        pytest.param(
            {"JWT_REFRESH_TOKEN_EXPIRES": 60},
            API,
            "session_shorter_than_token",
            (Level.WARNING, ""),
            id="sessions shorter than tokens",
        ),
        pytest.param(
            {"RENEWAL_QUIET_WINDOW": 0},
            API,
            "quiet_window_missing",
            (Level.WARNING, "every browser"),
            id="no quiet window",
        ),
        pytest.param(
            {"RENEWAL_SESSION_LIFETIME": None}, API, "session_endless", (Level.NOTE, ""), id="endless sessions"
        ),
        pytest.param(
            {"RENEWAL_HEADER_LIMIT": None}, API, "header_renewal_endless", (Level.WARNING, ""), id="endless renewal"
        ),
        pytest.param(
            {"RENEWAL_REVOCATION_DELAY": None},
            API,
            "revocation_missing",
            (Level.WARNING, ""),
            id="tokens that outlive signing out",
        ),
    ],
)
def test_times_that_do_not_fit_are_found(
    make_app: Make, config: dict[str, Any], url: str | None, code: str, expected: tuple[Level, str]
) -> None:
    app, [subject] = make_app(**config), config
    assert worst(app, subject, url=url) == coded(app, code, url=url) == expected


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"JWT_ACCESS_TOKEN_EXPIRES": 3600},
        {"JWT_REFRESH_TOKEN_EXPIRES": 901},
        {"RENEWAL_QUIET_WINDOW": 1},
        {"RENEWAL_HEADER_LIMIT": 0},
        {"RENEWAL_REVOCATION_DELAY": 0},
    ],
    ids=str,
)
def test_times_that_fit_are_no_finding(make_app: Make, config: dict[str, Any]) -> None:
    about = ("_EXPIRES", "_LIFETIME", "_WINDOW", "_LIMIT", "_DELAY")
    assert [finding for finding in review(make_app(**config), url=API) if finding.subject.endswith(about)] == []


def test_a_session_as_long_as_its_first_token_is_too_short(make_app: Make) -> None:
    assert worst(make_app(JWT_REFRESH_TOKEN_EXPIRES=900), "JWT_REFRESH_TOKEN_EXPIRES") == (Level.WARNING, "")
