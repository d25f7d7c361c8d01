"""What `flask renewal check` finds in an application."""

from flask import Flask

from flask_renewal.entrances.check import Finding, Level, review

API = "https://api.example.com"
"""Where browsers reach the application that is looked at, unless a test says otherwise."""


def found(app: Flask, subject: str, *, url: str | None = API) -> list[Finding]:
    """Return what is found about one subject, the worst first."""
    return [finding for finding in review(app, url=url) if finding.subject == subject]


def worst(app: Flask, subject: str, *, url: str | None = API) -> tuple[Level, str]:
    """Return how bad the worst of that is, and in which browsers."""
    finding = found(app, subject, url=url)[0]
    return finding.level, ", ".join(finding.browsers)


def coded(app: Flask, code: str, *, url: str | None = API) -> tuple[Level, str]:
    """Return how bad the one finding with this code is, and in which browsers."""
    [finding] = [finding for finding in review(app, url=url) if finding.code == code]
    return finding.level, ", ".join(finding.browsers)
