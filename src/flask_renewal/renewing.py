"""The after-request hook that hands a renewed access token to the client in a response header."""

import logging
from typing import Any

from flask import Flask, Response, has_request_context, request

from . import events
from .errors import StoreUnavailableError
from .guard import renew_nothing, token_to_renew
from .origins import is_trusted
from .services import current, provenance

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Run the hook after every other after-request function, whenever those are registered.

    Flask runs them last registered first; so ours stands first, and finds what Flask-CORS wrote.
    """
    app.after_request_funcs.setdefault(None, []).insert(0, hand_out_renewed_token)
    events.session_ended.connect(_note_ending, app)


def hand_out_renewed_token(response: Response) -> Response:
    """Add a renewed access token to the answer of a request whose own has little life left.

    Whatever goes wrong here is logged and leaves the answer as it was: a renewal is a favour.
    """
    try:
        token = token_to_renew()
        if token is not None and _may_carry(response):
            renewed = current().sessions.renew(token)
            if renewed is not None:
                _write(response, renewed)
    except StoreUnavailableError:
        _log.warning("an access token could not be renewed in the header: the store cannot be reached")
    except Exception:
        _log.exception("an access token could not be renewed in the header")
    return response


def _may_carry(response: Response) -> bool:
    """Say whether this answer may carry a token: it reaches one client only, who may have it, and is no refusal."""
    source = provenance(request)
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
