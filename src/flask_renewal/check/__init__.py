"""Reads the configuration as a reviewer would: what will break, in which browser, and the mend.

Each check looks at one thing and yields findings; nothing here prints or changes anything.
"""

from flask import Flask

from . import cookies, keys, lifetimes, network, origins, store
from .finding import Finding, Inspected, Level

__all__ = ["Finding", "Level", "review"]

_CHECKS = (origins.findings, cookies.findings, network.findings, lifetimes.findings, keys.findings, store.findings)


def review(app: Flask, *, url: str | None = None) -> list[Finding]:
    """Return what is to be said of an application's configuration, the worst first.

    `url` is the origin at which browsers reach it, such as ``https://api.example.com``; by default that of
    `SERVER_NAME`.
    """
    with app.app_context():
        inspected = Inspected.of(app, url)
        found = [finding for check in _CHECKS for finding in check(inspected)]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))
