"""`flask renewal check` says what will break, in which browser, and the mend."""

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from engines import Redis
from flask import Flask
from sqlalchemy import text

from flask_renewal.entrances.check import Finding, Level, review
from flask_renewal.ground.ambient import Ambient
from flask_renewal.standalone.models import db

API = "https://api.example.com"
SECRET = "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"
SOUND = {"TRUSTED_HOSTS": ["api.example.com"], "RENEWAL_TRUSTED_PROXIES": 1, "RATELIMIT_STORAGE_URI": "memory://"}

Make = Callable[..., Flask]


def found(app: Flask, subject: str, *, url: str | None = API) -> list[Finding]:
    return [finding for finding in review(app, url=url) if finding.subject == subject]


def worst(app: Flask, subject: str, *, url: str | None = API) -> tuple[Level, str]:
    finding = found(app, subject, url=url)[0]
    return finding.level, ", ".join(finding.browsers)


def test_a_sound_configuration_has_no_errors(make_app: Make) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=["https://app.example.com"], **SOUND)
    app.extensions["flask-renewal"].ambient.now = type(app.extensions["flask-renewal"].ambient)().now
    assert [finding for finding in review(app, url=API) if finding.level is Level.ERROR] == []


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
        pytest.param(
            {"JWT_ACCESS_TOKEN_EXPIRES": 7200},
            API,
            "JWT_ACCESS_TOKEN_EXPIRES",
            (Level.WARNING, ""),
            id="long access tokens",
        ),
        pytest.param(
            {"JWT_REFRESH_TOKEN_EXPIRES": 60},
            API,
            "JWT_REFRESH_TOKEN_EXPIRES",
            (Level.WARNING, ""),
            id="sessions shorter than tokens",
        ),
        pytest.param(
            {"RENEWAL_QUIET_WINDOW": 0},
            API,
            "RENEWAL_QUIET_WINDOW",
            (Level.WARNING, "every browser"),
            id="no quiet window",
        ),
        pytest.param(
            {"RENEWAL_SESSION_LIFETIME": None}, API, "RENEWAL_SESSION_LIFETIME", (Level.NOTE, ""), id="endless sessions"
        ),
        pytest.param(
            {"RENEWAL_HEADER_LIMIT": None}, API, "RENEWAL_HEADER_LIMIT", (Level.WARNING, ""), id="endless renewal"
        ),
        pytest.param(
            {"RENEWAL_REVOCATION_DELAY": None},
            API,
            "RENEWAL_REVOCATION_DELAY",
            (Level.WARNING, ""),
            id="tokens that outlive signing out",
        ),
        pytest.param({"JWT_SECRET_KEY": SECRET}, API, "JWT_SECRET_KEY", (Level.NOTE, ""), id="a shared secret"),
    ],
)
def test_what_will_break_is_found(
    make_app: Make, config: dict[str, Any], url: str | None, subject: str, expected: tuple[Level, str]
) -> None:
    assert worst(make_app(**config), subject, url=url) == expected


def test_a_key_file_that_others_can_read_is_found(make_app: Make) -> None:
    app = make_app()
    os.chmod(Path(app.instance_path) / "signing_keys.json", 0o644)
    assert worst(app, "signing_keys.json") == (Level.ERROR, "")


def test_an_old_key_is_found(make_app: Make, clock: Any) -> None:
    app = make_app()
    clock.now += timedelta(days=5000)
    assert worst(app, "signing_keys.json") == (Level.WARNING, "")


def test_a_missing_table_and_a_missing_column_are_found(make_app: Make) -> None:
    app = make_app()
    with app.app_context():
        db.session.execute(text("ALTER TABLE renewal_session DROP COLUMN device"))
        db.session.execute(text("DROP TABLE renewal_user"))
        db.session.commit()
    assert "lacks device" in found(app, "table renewal_session")[0].what
    assert "not there" in found(app, "table renewal_user")[0].what


def test_a_store_that_is_away_is_found(make_app: Make) -> None:
    app = make_app(RENEWAL_STORE="redis://127.0.0.1:1/0")
    assert worst(app, "RENEWAL_STORE") == (Level.ERROR, "")


def test_a_database_and_a_key_file_that_are_gone_are_found(make_app: Make) -> None:
    app = make_app()
    shutil.rmtree(app.instance_path)
    with app.app_context():
        db.engine.dispose()
    assert worst(app, "SQLALCHEMY_DATABASE_URI") == (Level.ERROR, "")
    assert worst(app, "signing_keys.json") == (Level.ERROR, "")


@pytest.mark.parametrize(("wrong_by", "level"), [(-14, Level.WARNING), (300, Level.ERROR)])
def test_a_clock_that_differs_from_the_stores_is_found(make_app: Make, wrong_by: float, level: Level) -> None:
    server = Redis().start()
    try:
        ambient = Ambient(machine=lambda: time.time() + wrong_by)
        assert worst(make_app(RENEWAL_STORE=server.url, ambient=ambient), "clock") == (level, "")
    finally:
        server.remove()


def test_the_address_comes_from_the_servers_name(make_app: Make) -> None:
    app = make_app(SERVER_NAME="api.example.com", RENEWAL_TRUSTED_ORIGINS=["https://app.example.org"])
    assert worst(app, "JWT_COOKIE_SAMESITE", url=None) == (Level.ERROR, "every browser")


def test_the_command_prints_the_worst_first_and_fails_on_errors(make_app: Make) -> None:
    runner = make_app(RENEWAL_TRUSTED_ORIGINS=["https://app.example.org"]).test_cli_runner()
    result = runner.invoke(args=["renewal", "check", "--url", API])
    assert result.exit_code == 1
    assert result.output.startswith("error ")
    assert "[every browser]" in result.output
    assert "Mend: Serve both below one registrable domain" in result.output


def test_strict_fails_on_warnings(make_app: Make) -> None:
    runner = make_app(JWT_SECRET_KEY=SECRET).test_cli_runner()
    app_clock = runner.app.extensions["flask-renewal"].ambient
    app_clock.now = type(app_clock)().now
    assert runner.invoke(args=["renewal", "check"]).exit_code == 0
    assert runner.invoke(args=["renewal", "check", "--strict"]).exit_code == 1


def test_the_findings_come_as_json(make_app: Make) -> None:
    away = "redis://127.0.0.1:1/0"
    result = make_app(RATELIMIT_STORAGE_URI=away).test_cli_runner().invoke(args=["renewal", "check", "--json"])
    findings = json.loads(result.stdout)["findings"]
    assert {"code", "level", "subject", "what", "mend", "browsers"} == set(findings[0])
    assert findings[0]["level"] == "error"


def test_an_address_that_is_none_is_wrong_usage(make_app: Make) -> None:
    result = make_app().test_cli_runner().invoke(args=["renewal", "check", "--url", "api.example.com"])
    assert result.exit_code == 2
