"""`flask renewal check`: what it prints, and when it fails."""

import json
import sys
from collections.abc import Callable

import click
import pytest
from findings import API
from flask import Flask

from flask_renewal.entrances.check import Finding, Level

SECRET = "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"

Make = Callable[..., Flask]


def test_the_command_prints_the_worst_first_and_fails_on_errors(make_app: Make) -> None:
    runner = make_app(RENEWAL_TRUSTED_ORIGINS=["https://app.example.org"]).test_cli_runner()
    result = runner.invoke(args=["renewal", "check", "--url", API])
    assert result.exit_code == 1
    assert result.output.startswith("error ")
    assert "[every browser]" in result.output
    assert "Mend: Serve both below one registrable domain" in result.output


def test_each_finding_is_a_paragraph_and_the_last_line_counts_them(
    make_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"subject": "a setting", "what": "It is odd.", "mend": "Change it."}
    findings = [
        Finding(code="one", level=Level.ERROR, browsers=("Safari", "Firefox"), **given),
        Finding(code="two", level=Level.NOTE, browsers=(), **given),
        Finding(code="three", level=Level.NOTE, browsers=(), **given),
    ]
    monkeypatch.setattr(sys.modules["flask_renewal.entrances.cli.renewal"], "review", lambda *_, **__: findings)
    result = make_app().test_cli_runner().invoke(args=["renewal", "check"], color=True)
    bold = {level: click.style(level, fg=colour, bold=True) for level, colour in (("error", "red"), ("note", "cyan"))}
    assert result.output.splitlines() == [
        f"{bold['error']} a setting [Safari, Firefox] (one)",
        "  It is odd.",
        "  Mend: Change it.",
        "",
        f"{bold['note']} a setting (two)",
        "  It is odd.",
        "  Mend: Change it.",
        "",
        f"{bold['note']} a setting (three)",
        "  It is odd.",
        "  Mend: Change it.",
        "",
        "1 error, 0 warnings, 2 notes.",
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("level", "words", "exit_code"),
    [
        (Level.ERROR, ["--strict"], 1),
        (Level.WARNING, ["--strict"], 1),
        (Level.WARNING, [], 0),
        (Level.NOTE, ["--strict"], 0),
    ],
)
def test_it_fails_on_errors_and_where_that_is_asked_on_warnings(
    make_app: Make, monkeypatch: pytest.MonkeyPatch, level: Level, words: list[str], exit_code: int
) -> None:
    finding = Finding(code="one", level=level, subject="s", what="w", mend="m", browsers=())
    monkeypatch.setattr(sys.modules["flask_renewal.entrances.cli.renewal"], "review", lambda *_, **__: [finding])
    assert make_app().test_cli_runner().invoke(args=["renewal", "check", *words]).exit_code == exit_code


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


@pytest.mark.parametrize(
    "words",
    [
        ["--url", "api.example.com"],
        ["--url", "https://api.example.com/path"],
        ["--url", "capacitor://localhost"],
        ["--live"],
    ],
)
def test_an_address_that_is_none_is_wrong_usage(make_app: Make, words: list[str]) -> None:
    result = make_app().test_cli_runner().invoke(args=["renewal", "check", *words])
    assert result.exit_code == 2


def test_the_address_itself_is_asked_where_that_is_wanted(make_app: Make) -> None:
    runner = make_app(RENEWAL_TRUSTED_ORIGINS=["http://localhost:5173"]).test_cli_runner()
    words = ["renewal", "check", "--url", "http://localhost:1"]
    assert "address_not_reached" not in runner.invoke(args=words).output
    assert runner.invoke(args=[*words[:-1], f"{words[-1]}/"]).output == runner.invoke(args=words).output
    assert "(address_not_reached)\n  Nothing that could be read" in runner.invoke(args=[*words, "--live"]).output
