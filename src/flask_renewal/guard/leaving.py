"""The way out: what becomes of an answer when everything else has been done to it."""

from typing import Any

from flask import Flask, Response, has_request_context

from ..ground import events
from ..ground.context import this_request
from .access import renew_nothing, token_let_in
from .found import FOUND, Found
from .jwt_extended import GATE, Gate
from .renewal_header import renew


def install(app: Flask) -> None:
    """Look at each answer after all after-request functions, whenever those are registered: the first runs last."""
    gate: Gate = app.extensions[GATE]
    header = gate.credentials.key

    def leave(response: Response) -> Response:
        """Renew the access token in the header, and write the cookies; most requests have found out nothing.

        What is for somebody who is signed in no cache keeps, the browser's included, unless the view says otherwise.
        """
        environ = this_request().environ
        if header in environ and "Cache-Control" not in response.headers and token_let_in() is not None:
            response.headers["Cache-Control"] = "no-store"
        found: Found | None = environ.get(FOUND)
        if found is not None:
            if found.is_due and not found.ends_sessions:
                renew(response)
            if found.visit is not None:
                found.visit.finish(response)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, leave)
    events.session_ended.connect(_note_ending, app)


def _note_ending(sender: Flask, **facts: Any) -> None:
    """Let a request that ended a session, whosever it was, renew nothing."""
    if has_request_context():
        renew_nothing()
