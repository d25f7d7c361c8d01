"""A sign-in from before us, which becomes a session of ours without anybody noticing: once in a browser."""

import hashlib

from ..ground.context import this_request
from ..ground.errors import UnknownUserError
from ..identity.request import has_had_cookie, user_agent
from ..identity.services import current
from ..identity.sessions.grants import Grant, Origin
from ..identity.sessions.starting import BROWSER_CHARACTERS
from ..identity.users.host_functions import text_of


def adopt() -> Grant | None:
    """Start a session for whom the host says that this request carries an old sign-in of; ``None`` where of nobody.

    Not for the caller to ask where the request may be a foreign page's. Raises `AccountDisabledError` and
    `SignInRefusedError` where that user may not sign in.
    """
    services = current()
    ask = services.functions.adopt
    if ask is None or has_had_cookie():
        return None
    told = ask()
    if told is None:
        return None
    user_id, remember = told if isinstance(told, tuple) else (told, True)
    try:
        origin = Origin(user_agent=user_agent(), remember=remember)
        return services.sessions.start_for(text_of(user_id), origin, fresh=False, browser=_browser())
    except UnknownUserError:
        return None


def _browser() -> str:
    """Return what stands for this browser: all its tabs send the same cookies, the old sign-in among them."""
    sent = this_request().headers.get("Cookie", "")
    return hashlib.sha256(sent.encode()).hexdigest()[:BROWSER_CHARACTERS] if sent else ""
