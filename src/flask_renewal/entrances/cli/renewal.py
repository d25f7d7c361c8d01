"""`flask renewal …`."""

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from ...ground.origins import is_serialized_origin, is_web
from ..check import Finding, Level, review
from .output import count, example, json_option, tell

renewal = AppGroup("renewal", help="Look the configuration over.")

_COLORS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


def _origin(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (is_web(value) and is_serialized_origin(value.rstrip("/"))):
        raise click.BadParameter("give scheme and host, such as https://api.example.com")
    return None if value is None else value.rstrip("/")


@renewal.command("check", epilog=example("flask renewal check --url https://api.example.com"))
@click.option("--url", callback=_origin, help="Where browsers reach the application, if not at SERVER_NAME.")
@click.option("--live", is_flag=True, help="Ask that address, too, for proxies in front change answers.")
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@json_option
def check_configuration(url: str | None, live: bool, strict: bool, as_json: bool) -> None:
    """Read the configuration as a reviewer would; exit with 1 if something will break."""
    if live and url is None:
        raise click.UsageError("--live asks the address that --url names")
    findings = review(current_app._get_current_object(), url=url, is_live=live)  # type: ignore[attr-defined]
    facts = [{**asdict(finding), "level": finding.level.value} for finding in findings]
    tell("\n".join([*map(_paragraph, findings), _summary(findings)]), {"findings": facts}, as_json=as_json)
    fatal = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    if any(finding.level in fatal for finding in findings):
        sys.exit(1)


def _paragraph(finding: Finding) -> str:
    level = click.style(finding.level.value, fg=_COLORS[finding.level], bold=True)
    where = f" [{', '.join(finding.browsers)}]" if finding.browsers else ""
    return f"{level} {finding.subject}{where} ({finding.code})\n  {finding.what}\n  Mend: {finding.mend}\n"


def _summary(findings: Sequence[Finding]) -> str:
    numbers = [sum(finding.level is level for finding in findings) for level in Level]
    return ", ".join(count(number, level.value) for number, level in zip(numbers, Level, strict=True)) + "."
