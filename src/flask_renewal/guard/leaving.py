"""The way out: what becomes of an answer when everything else has been done to it."""

from typing import Any

from flask import Flask, Response, has_request_context

from ..ground import events
from ..ground.context import this_request
from .access import renew_nothing
from .found import FOUND, Found
from .renewal_header import renew


def install(app: Flask) -> None:
    """Look at each answer after all after-request functions, whenever those are registered: the first runs last."""
    app.after_request_funcs.setdefault(None, []).insert(0, _leave)
    events.session_ended.connect(_note_ending, app)


def _leave(response: Response) -> Response:
    """Renew the access token in the header, and write the cookies; most requests have found out nothing."""
    found: Found | None = this_request().environ.get(FOUND)
    if found is not None:
        if found.is_due and not found.ends_sessions:
            renew(response)
        if found.visit is not None:
            found.visit.finish(response)
    return response


def _note_ending(sender: Flask, **facts: Any) -> None:
    """Let a request that ended a session, whosever it was, renew nothing."""
    if has_request_context():
        renew_nothing()
