"""What browsers will refuse is said when the application starts, by the rules of `flask renewal check`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from servers import serving

Make = Callable[..., Flask]

ORIGIN = "https://app.example.com"
OTHER_SITE = {"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.org"], "TRUSTED_HOSTS": ["api.example.com"]}
SOUND = {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN, "http://localhost:5173"]}


def codes(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.code for record in log.records if record.name == "flask_renewal.check"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(OTHER_SITE, ["cookie_not_sent_across_sites"], id="a Lax cookie and a page on another site"),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN, "https://app.example.org"]},
            ["cookie_not_sent_across_sites"],
            id="pages on two sites, of which one must be another, wherever the application is",
        ),
        pytest.param(
            {**OTHER_SITE, "JWT_COOKIE_SAMESITE": "None"},
            ["third_party_cookie_blocked"],
            id="a third-party cookie, partitioned or not",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["http://app.example.com"]},
            ["http_page_without_cookie", "http_page_trusted"],
            id="a page on plain http",
        ),
        pytest.param(
            {"SERVER_NAME": "localhost:5000", "RENEWAL_TRUSTED_ORIGINS": ["http://127.0.0.1:5173"]},
            ["two_loopback_names"],
            id="two names of this machine",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["capacitor://localhost"]},
            ["wrapped_app_without_cookie"],
            id="a wrapped app that is to live on cookies",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN, "chrome-extension://abc"], "RENEWAL_BODY_TRANSPORT": True},
            [],
            id="a wrapped app that keeps its token itself is sound",
        ),
        pytest.param({"JWT_COOKIE_SECURE": False}, ["cookie_not_secure"], id="a cookie that can be taken"),
        pytest.param(
            {"JWT_COOKIE_DOMAIN": "example.org", "SERVER_NAME": "api.example.com"},
            ["cookie_domain_foreign"],
            id="a cookie for somebody else's domain",
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None"}, ["session_cookie_not_secure"], id="Flask's cookie: None without Secure"
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True},
            ["session_cookie_not_partitioned"],
            id="Flask's cookie: for other sites and not Partitioned",
        ),
        pytest.param({}, [], id="the defaults are sound"),
        pytest.param(SOUND, [], id="pages on one site and on this machine are sound"),
        pytest.param(
            {**SOUND, "SERVER_NAME": "api.example.com"},
            ["cookie_not_sent_across_sites"],
            id="a page on this machine is on another site than a server",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN], "TRUSTED_HOSTS": ["api.example.com", "localhost"]},
            [],
            id="a page on the site of the trusted host is sound",
        ),
    ],
)
def test_a_start_warns_of_what_browsers_refuse(
    make_app: Make, caplog: pytest.LogCaptureFixture, config: dict[str, Any], expected: list[str]
) -> None:
    make_app(**config)
    assert codes(caplog) == expected


def test_a_warning_says_what_to_do_and_where_to_look(make_app: Make, caplog: pytest.LogCaptureFixture) -> None:
    make_app(**OTHER_SITE)
    said = caplog.records[0].getMessage()
    assert said.startswith("JWT_COOKIE_SAMESITE: A page on https://app.example.org is on another site")
    assert "Serve both below one registrable domain" in said
    assert said.endswith("(cookie_not_sent_across_sites; flask renewal check says more)")


def test_a_warning_names_a_few_of_many_origins(make_app: Make, caplog: pytest.LogCaptureFixture) -> None:
    make_app(RENEWAL_TRUSTED_ORIGINS=[f"https://app.example{number}.com" for number in range(500)])
    assert "https://app.example10.com and 497 more is on another site" in caplog.records[0].getMessage()


def test_a_warning_names_each_of_three_origins(make_app: Make, caplog: pytest.LogCaptureFixture) -> None:
    make_app(RENEWAL_TRUSTED_ORIGINS=[f"https://app.example{number}.com" for number in range(3)])
    assert ", https://app.example1.com, https://app.example2.com is on another" in caplog.records[0].getMessage()


def test_the_server_prints_the_warning_once_and_serves(tmp_path: Path) -> None:
    with serving(tmp_path, RENEWAL_TRUSTED_ORIGINS=[ORIGIN, "https://app.example.org"]) as server:
        assert server.log.read_text().count("cookie_not_sent_across_sites") == 1


def test_a_sound_server_prints_nothing_but_its_address(tmp_path: Path) -> None:
    with serving(tmp_path, **SOUND) as server:
        assert len(server.log.read_text().splitlines()) == 1
