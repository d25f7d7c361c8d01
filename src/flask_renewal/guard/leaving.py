"""The way out: what becomes of an answer when everything else has been done to it."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, has_request_context

from ..ground import events
from ..ground.context import this_request
from .access import renew_nothing, token_let_in
from .found import FOUND, Found
from .renewal_header import renew


def install(app: Flask, answer_unknown: Callable[[Request, Response], Response]) -> None:
    """Look at each answer after all after-request functions, whenever those are registered: the first runs last.

    `answer_unknown` has the word where no route was found. Here, because each function of its own that is called before
    or after a request costs all of them some 2 µs.
    """

    def leave(response: Response) -> Response:
        """Renew the access token in the header, and write the cookies; most requests have found out nothing."""
        request = this_request()
        if request.routing_exception is not None:
            response = answer_unknown(request, response)
        found: Found | None = request.environ.get(FOUND)
        if found is not None:
            _keep_from_caches(response, found)
            if found.is_due and not found.ends_sessions:
                renew(response)
            if found.visit is not None:
                found.visit.finish(response)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, leave)
    events.session_ended.connect(_note_ending, app)


def install_verifying(app: Flask) -> None:
    """Do of this what an application needs that only verifies access tokens."""

    def leave(response: Response) -> Response:
        found: Found | None = this_request().environ.get(FOUND)
        if found is not None:
            _keep_from_caches(response, found)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, leave)


def _keep_from_caches(response: Response, found: Found) -> None:
    """Let no cache keep what is for somebody whom a guard let in, the browser's included, unless the view says so."""
    headers, is_let_in = response.headers, found.is_let_in or token_let_in() is not None
    if is_let_in and not headers.getlist("Cache-Control"):  # 0.5 µs, and `in` 1.9
        headers.add("Cache-Control", "no-store")


def _note_ending(sender: Flask, **facts: Any) -> None:
    """Let a request that ended a session, whosever it was, renew nothing."""
    if has_request_context():
        renew_nothing()
