"""Where visitors are led who are not signed in: to the sign-in page and back."""

from urllib.parse import quote, urlsplit

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable

from ...ground.errors import TokenMissingError
from ...ground.local_paths import is_local_path
from ...ground.origins import SAFE_METHODS, own_origins
from ...ground.problems import from_refusal
from ...guard.sign_in_page import address_of, is_navigation, sign_in_url
from ...guard.visitors import is_prefetch
from ...guard.visits import current_visit
from ...identity.request import provenance
from ...identity.services import current
from .answers import http_error, page, refusal, see_other
from .notices import of_ending
from .words import gettext

_ = gettext


def ask_to_sign_in() -> Response:
    """Lead to the sign-in page and back.

    A browser that only guesses is told to come back when somebody has clicked; a script, which could not tell the
    sign-in page from what it asked for, gets 401 and the address.
    """
    if is_prefetch():
        return http_error(ServiceUnavailable())
    if not is_navigation():
        return _unauthorized(_sign_in_url(_page_of_script()))
    location = _sign_in_url(_asked_for())
    return see_other(location) if location else refusal(TokenMissingError())


def _sign_in_url(onward: str | None) -> str | None:
    """Return where to sign in, and be told why that is to be done again."""
    over = current_visit().over
    return sign_in_url(onward=onward, notice=of_ending(over), over=over)


def say_signed_out() -> Response:
    """Answer who has just signed out."""
    chosen = current().settings.logout_redirect_url
    location = sign_in_url(notice="signed_out") if chosen is None else address_of(chosen)
    if location is None:
        return page("error.html", title=_("Signed out"), sentence=_("You are signed out."))
    return see_other(location)


def _unauthorized(location: str | None) -> Response:
    response = from_refusal(TokenMissingError())
    if location is not None:
        response.headers["X-Login-Location"] = location
    return response


def _asked_for() -> str | None:
    """Return the page that was asked for, where it can be asked for again."""
    path = quote(request.script_root + request.path)
    asked = f"{path}?{request.query_string.decode(errors='replace')}" if request.query_string else path
    return asked if request.method in SAFE_METHODS and is_local_path(asked) else None


def _page_of_script() -> str | None:
    """Return the page of this site whose script asks."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_ours = f"{parts.scheme}://{parts.netloc}" in own_origins(provenance())
    return path if is_ours and is_local_path(path) else None
