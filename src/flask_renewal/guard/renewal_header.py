"""What is done to an answer last: a renewed access token is handed to the client in a response header."""

import logging

from flask import Response
from werkzeug.http import parse_set_header

from ..ground.context import this_request
from ..ground.errors import StoreError, TokenTooLargeError
from ..ground.origins import is_trusted
from ..identity.request import provenance
from ..identity.services import current
from ..settings import Settings
from .access import token_to_renew

_log = logging.getLogger("flask_renewal")


def renew(response: Response) -> None:
    """Add a renewed access token to the answer of a request whose own has little life left.

    Whatever goes wrong here is logged and leaves the answer as it was: a renewal is a favour.
    """
    try:
        token, services = token_to_renew(), current()
        if token is not None and _may_carry(response, services.settings):
            renewed = services.sessions.renew(token)
            if renewed is not None:
                _write(response, services.settings.header_name, renewed)
    except StoreError:
        _log.warning("an access token could not be renewed in the header: the store did not do it")
    except TokenTooLargeError:
        return  # told where it was made
    except Exception:
        _log.exception("an access token could not be renewed in the header")


def _may_carry(response: Response, settings: Settings) -> bool:
    """Say whether this answer may carry a token: it reaches one client only, who may have it, and is no refusal."""
    asked = this_request().environ
    return (
        not 300 <= response.status_code < 400
        and response.status_code < 500
        and not _is_shared(response)
        and "prefetch" not in asked.get("HTTP_SEC_PURPOSE", "")
        and ("HTTP_ORIGIN" not in asked or is_trusted(provenance(), settings.trusted_origins))
    )


def _is_shared(response: Response) -> bool:
    """Say whether the route let shared caches store the answer in spite of its Authorization (RFC 9111 §3.5)."""
    directives = response.cache_control
    if directives.no_store or directives.private:
        return False
    return bool(directives.public or directives.s_maxage is not None or directives.must_revalidate)


def _write(response: Response, name: str, renewed: str) -> None:
    response.headers[name] = renewed
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Expires", None)
    exposed = parse_set_header(", ".join(response.headers.getlist(_EXPOSE)))
    exposed.add(name)
    response.headers[_EXPOSE] = exposed.to_header()


_EXPOSE = "Access-Control-Expose-Headers"
