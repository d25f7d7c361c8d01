"""What is done to an answer last: a renewed access token is handed to the client in a response header."""

import logging
from typing import Any

from flask import Flask, Response, has_request_context, request

from . import events
from .context import these_globals
from .errors import StoreUnavailableError
from .guard import DUE, renew_nothing, token_to_renew
from .origins import is_trusted
from .services import current, provenance
from .verified_tokens import AccessToken

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Look at each answer after every after-request function, whenever those are registered.

    So it finds what Flask-CORS wrote. An after-request function of our own would cost each request 1.2 µs, of 38 that
    Flask takes to answer "hello"; this costs 0.4.
    """
    process_response = app.process_response

    def process_and_renew(response: Response) -> Response:
        response = process_response(response)
        if vars(these_globals()).get(DUE) is not None:
            token = token_to_renew()
            if token is not None:
                _hand_out_renewed_token(token, response)
        return response

    app.process_response = process_and_renew  # type: ignore[method-assign]
    events.session_ended.connect(_note_ending, app)


def _hand_out_renewed_token(token: AccessToken, response: Response) -> None:
    """Add a renewed access token to the answer of a request whose own has little life left.

    Whatever goes wrong here is logged and leaves the answer as it was: a renewal is a favour.
    """
    try:
        if _may_carry(response):
            renewed = current().sessions.renew(token)
            if renewed is not None:
                _write(response, renewed)
    except StoreUnavailableError:
        _log.warning("an access token could not be renewed in the header: the store cannot be reached")
    except Exception:
        _log.exception("an access token could not be renewed in the header")


def _may_carry(response: Response) -> bool:
    """Say whether this answer may carry a token: it reaches one client only, who may have it, and is no refusal."""
    source = provenance()
    return (
        not 300 <= response.status_code < 400
        and response.status_code < 500
        and not _is_shared(response)
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
        and (source.origin is None or is_trusted(source, current().settings.trusted_origins))
    )


def _is_shared(response: Response) -> bool:
    """Say whether the route let shared caches store the answer in spite of its Authorization (RFC 9111 §3.5)."""
    directives = response.cache_control
    if directives.no_store or directives.private:
        return False
    return bool(directives.public or directives.s_maxage is not None or directives.must_revalidate)


def _write(response: Response, renewed: str) -> None:
    name = current().settings.header_name
    response.headers[name] = renewed
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Expires", None)
    exposed = [part.strip() for part in ",".join(response.headers.getlist(_EXPOSE)).split(",") if part.strip()]
    if name.lower() not in (part.lower() for part in exposed):
        exposed.append(name)
    response.headers[_EXPOSE] = ", ".join(exposed)


_EXPOSE = "Access-Control-Expose-Headers"


def _note_ending(sender: Flask, **facts: Any) -> None:
    """Let a request that ended a session, whosever it was, renew nothing."""
    if has_request_context():
        renew_nothing()
