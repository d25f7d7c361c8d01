"""Reads the configuration as a reviewer would: what will break, in which browser, and the mend.

Each check looks at one thing and yields findings; nothing here changes anything. `health` answers while it runs.
"""

import logging
from collections.abc import Callable, Iterator, Sequence

from flask import Flask

from . import cookies, guards, jwt_keys, keys, lifetimes, live, network, origins, sharing, store
from .finding import Finding, Inspected, Level
from .health import install_health

__all__ = ["Finding", "Level", "install_health", "review", "warn"]

_Check = Callable[[Inspected], Iterator[Finding]]

_OF_BROWSERS: tuple[_Check, ...] = (origins.findings, cookies.findings)
"""What browsers refuse; they look at settings only and cost a start nothing."""
_OTHERS = (
    guards.findings,
    sharing.findings,
    network.findings,
    lifetimes.findings,
    keys.findings,
    jwt_keys.findings,
    store.findings,
)

_log = logging.getLogger("flask_renewal.check")


def review(app: Flask, *, url: str | None = None, is_live: bool = False) -> list[Finding]:
    """Return what is to be said of an application's configuration, the worst first.

    `url` is the origin at which browsers reach it, such as ``https://api.example.com``; by default that of
    `SERVER_NAME`, or of `TRUSTED_HOSTS` where that names one site. With `is_live` that address itself is asked, too.
    """
    others = (*_OTHERS, live.findings) if is_live else _OTHERS
    return _found(app, (*_OF_BROWSERS, *others), url=url)


def warn(app: Flask) -> None:
    """Log what browsers will refuse, and what weakens the cookies; the record's `code` is the finding's."""
    for finding in _found(app, _OF_BROWSERS, url=None):
        if finding.level is not Level.NOTE:
            _log.warning(
                "%s: %s %s (%s; flask renewal check says more)",
                finding.subject,
                finding.what,
                finding.mend,
                finding.code,
                extra={"code": finding.code},
            )


def _found(app: Flask, checks: Sequence[_Check], *, url: str | None) -> list[Finding]:
    with app.app_context():
        inspected = Inspected.of(app, url)
        found = [finding for check in checks for finding in check(inspected)]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))
