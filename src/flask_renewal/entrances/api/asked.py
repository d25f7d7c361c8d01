"""What a request to the JSON API says of the device, and of the session that it was let in by."""

import re

from flask import has_request_context
from flask_jwt_extended import get_jwt

from ...ground.body import Body
from ...ground.errors import FreshTokenRequiredError, InvalidRequestError
from ...ground.text import DEVICE_ID_MAX_CHARACTERS, DEVICE_MAX_CHARACTERS, label
from ...identity.request import user_agent
from ...identity.services import current
from ...identity.sessions.grants import Origin

_VISIBLE_ASCII = re.compile(r"[!-~]+")


def this_session() -> str:
    """Return the session of the access token that the request was let in by."""
    return str(get_jwt()["sid"])


def ask_for_proof() -> None:
    """Raise `FreshTokenRequiredError` where it was proved too long ago who it is; renewing a token proves nothing."""
    services = current()
    most = services.settings.confirm_after
    if most is not None and services.ambient.timestamp() - get_jwt()["auth_time"] > most.total_seconds():
        raise FreshTokenRequiredError(max_age=int(most.total_seconds()))


def origin_of(body: Body) -> Origin:
    """Return where a session is started from that is asked for so; outside a request no browser is known."""
    return Origin(
        device=label(body.optional_text("device"), longest=DEVICE_MAX_CHARACTERS),
        user_agent=user_agent() if has_request_context() else None,
        device_id=_device_id(body),
        remember=body.flag("remember", default=True),
    )


def _device_id(body: Body) -> str | None:
    """Return the device id, provided that the header which must repeat it at each refresh can carry it."""
    device_id = body.optional_text("device_id", longest=DEVICE_ID_MAX_CHARACTERS)
    if device_id and not _VISIBLE_ASCII.fullmatch(device_id):
        raise InvalidRequestError("device_id must be visible ASCII characters without a space.", field="device_id")
    return device_id
