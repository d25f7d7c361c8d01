"""Signals that others may listen to, and one log line for each.

The sender is the application. Keyword arguments are facts without secrets: no token, no password. Log lines name a
session by a short hash, so that a reader of the log cannot act on it.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from blinker import NamedSignal, Namespace
from flask import Flask

from .log_budget import LogBudget
from .text import bounded, shown

_signals = Namespace()

user_registered = _signals.signal(
    "user-registered", doc="Somebody registered, and has an account. Arguments: `user_id`."
)
session_started = _signals.signal("session-started", doc="Somebody signed in. Arguments: `session`.")
session_refreshed = _signals.signal(
    "session-refreshed",
    doc="A refresh token was rotated. Arguments: `session`, `verdict`: ``rotate``, or ``replace`` where its successor"
    " was lost.",
)
session_ended = _signals.signal(
    "session-ended", doc="A session was ended before its time. Arguments: `session`, `reason`."
)
refresh_token_reused = _signals.signal(
    "refresh-token-reused",
    doc="Two parties held tokens of one session, which has been ended. Arguments: `session`, `presented`: which of its"
    " tokens came back, the last that was ``superseded``, or an ``older`` one.",
)
refresh_token_ambiguous = _signals.signal(
    "refresh-token-ambiguous",
    doc="A browser sent two refresh cookies, so a sibling host may have planted one. Arguments: `cookie`, their name.",
)
login_failed = _signals.signal(
    "login-failed", doc="A password was refused. Arguments: `user_id`, ``None`` where there is no such user."
)
too_many_attempts = _signals.signal(
    "too-many-attempts",
    doc="An attempt came after too many others. Arguments: `counted_by`, such as ``address`` or ``account``.",
)
password_changed = _signals.signal("password-changed", doc="A user's password was changed. Arguments: `user_id`.")
untrusted_origin = _signals.signal(
    "untrusted-origin",
    doc="A request that would change state came from an origin that is not trusted. Arguments: `origin`, `refused`.",
)
cross_origin_denied = _signals.signal(
    "cross-origin-denied",
    doc="A page on an origin that is not trusted asked the API, and may not read the answer. Arguments: `origin`.",
)
access_token_refused = _signals.signal(
    "access-token-refused",
    doc="A guard did not let a request in. Arguments: `code`, such as ``token_expired``, or ``token_missing`` where it"
    " brought no access token.",
)

_WARNINGS = frozenset({refresh_token_ambiguous, refresh_token_reused, untrusted_origin, cross_origin_denied})
_MENDING_ORIGIN = "; if it is a page of yours, name its origin in RENEWAL_TRUSTED_ORIGINS"
_MENDS = {
    refresh_token_ambiguous: "; if another application sets one, give it or this one a JWT_REFRESH_COOKIE_NAME",
    untrusted_origin: _MENDING_ORIGIN,
    cross_origin_denied: _MENDING_ORIGIN,
}

_OF_STRANGERS: Mapping[NamedSignal, str] = {
    untrusted_origin: "",
    cross_origin_denied: "",
    refresh_token_ambiguous: "",
    access_token_refused: "code",
    too_many_attempts: "counted_by",
}
"""What anybody can cause as often as they like, and by which fact, of few values, its lines are counted apart."""

_log = logging.getLogger("flask_renewal")


class Events:
    """Sends signals in the name of one application."""

    def __init__(self, app: Flask, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Count the lines that strangers cause by the clock `monotonic`."""
        self._app = app
        self._warned: set[str] = set()
        self._budget = LogBudget(monotonic)

    def send(self, signal: NamedSignal, **facts: Any) -> None:
        """Log the event and tell every listener; what one of them raises is logged, and undoes nothing.

        One that is ``async def`` runs as Flask runs such views, by its extra ``async``.
        The record has the `event` and the `facts` apart, too, for who writes it otherwise.
        """
        self._log(signal, facts)
        for listen in signal.receivers_for(self._app):
            try:
                self._app.ensure_sync(listen)(self._app, **facts)
            except Exception:  # it happened all the same, and the other listeners are to hear of it
                _log.exception("a listener to %s failed", signal.name)

    def _log(self, signal: NamedSignal, facts: Mapping[str, Any]) -> None:
        """Write the line, unless strangers have caused many like it; the next one says how many were left out."""
        level = logging.WARNING if signal in _WARNINGS else logging.INFO
        if not _log.isEnabledFor(level):
            return
        told = _told(facts)
        if signal in _OF_STRANGERS:
            left_out = self._budget.spend(f"{signal.name} {facts.get(_OF_STRANGERS[signal])}")
            if left_out is None:
                return
            told |= {"left_out": left_out} if left_out else {}
        line = " ".join(f"{name}={_shown(name, value)}" for name, value in told.items())
        apart = {"event": signal.name, "facts": {name: bounded(value) for name, value in told.items()}}
        _log.log(level, "%s %s%s", signal.name, line, _MENDS.get(signal, ""), extra=apart)

    def warn_once(self, code: str, sentence: str) -> None:
        """Log a warning the first time that there is reason to, in each process; `code` stays the same."""
        if code not in self._warned:
            self._warned.add(code)
            _log.warning("%s (%s)", sentence, code, extra={"code": code})


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line tells: of a session a short hash of its id, and whose it is."""
    session = facts.get("session")
    if session is None:
        return dict(facts)
    others = {name: value for name, value in facts.items() if name != "session"}
    short = hashlib.sha256(session.id.encode()).hexdigest()[:12]
    return {"session": short, "user_id": session.user_id, **others}


def _shown(name: str, value: Any) -> str:
    return str(value) if name == "session" else shown(value)
