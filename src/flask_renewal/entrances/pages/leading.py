"""Where visitors are led who have just signed out."""

from flask import Response

from ...ground.page_headers import see_other
from ...guard.sign_in_page import address_of, sign_in_url
from ...identity.services import current
from .answers import page
from .words import gettext

_ = gettext


def say_signed_out() -> Response:
    """Answer who has just signed out."""
    chosen = current().settings.logout_redirect_url
    location = sign_in_url(notice="signed_out") if chosen is None else address_of(chosen)
    if location is None:
        return page("error.html", title=_("Signed out"), sentence=_("You are signed out."))
    return see_other(location)
