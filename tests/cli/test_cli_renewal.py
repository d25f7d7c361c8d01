"""`flask renewal check`: what it prints, and when it fails."""

import json
from collections.abc import Callable

import pytest
from findings import API
from flask import Flask

SECRET = "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"

Make = Callable[..., Flask]


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


@pytest.mark.parametrize("words", [["--url", "api.example.com"], ["--url", "capacitor://localhost"], ["--live"]])
def test_an_address_that_is_none_is_wrong_usage(make_app: Make, words: list[str]) -> None:
    result = make_app().test_cli_runner().invoke(args=["renewal", "check", *words])
    assert result.exit_code == 2


def test_the_address_itself_is_asked_where_that_is_wanted(make_app: Make) -> None:
    runner = make_app(RENEWAL_TRUSTED_ORIGINS=["http://localhost:5173"]).test_cli_runner()
    words = ["renewal", "check", "--url", "http://localhost:1"]
    assert "address_not_reached" not in runner.invoke(args=words).output
    assert "(address_not_reached)\n  Nothing that could be read" in runner.invoke(args=[*words, "--live"]).output
