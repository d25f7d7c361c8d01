"""What other services are told that verify our access tokens: which sessions have ended."""

import hmac
import math
from datetime import datetime, timedelta, timezone

from flask import Blueprint, Response, jsonify, request

from ...ground.errors import InvalidRequestError, ServiceKeyInvalidError
from ...identity.services import current
from ...identity.sessions.revocations import OVERLAP_SECONDS
from .schemas import LATEST

ended = Blueprint("flask_renewal_ended", __name__)


@ended.get("/ended-sessions")
def ended_sessions() -> Response:
    """Tell which sessions have ended since a moment, to whoever has a service key.

    `until` is what to ask for next: so long before now that nothing written meanwhile is missed. What was told must be
    remembered for `keep_for` seconds; then no access token of it is left.
    """
    _check_service_key()
    services = current()
    until = services.clock.now() - timedelta(seconds=OVERLAP_SECONDS)
    reach = services.revocations.reach
    found = services.store.ended_since(max(_since(), until - timedelta(seconds=reach)))
    told = [{"id": session_id, "ended_at": moment.timestamp()} for session_id, moment in found.items()]
    return jsonify(ended=told, until=until.timestamp(), keep_for=math.ceil(reach))


def _check_service_key() -> None:
    """Compare with every key, each in a time that tells nothing of it."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    given = key.strip().encode("latin-1")
    matches = [hmac.compare_digest(given, known) for known in current().settings.service_keys]
    if scheme.lower() != "bearer" or not any(matches):
        raise ServiceKeyInvalidError


def _since() -> datetime:
    given = request.args.get("since", "0")
    try:
        seconds = float(given) if given.isascii() else math.nan
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LATEST:
        raise InvalidRequestError("since must be a time in Unix seconds.", field="since")
    return datetime.fromtimestamp(seconds, timezone.utc)
