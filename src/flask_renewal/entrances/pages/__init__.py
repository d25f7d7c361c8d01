"""The pages: sign in, register, account, sign out; plain forms that need no script. `install` mounts them."""

from flask import Flask
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from ...ground.errors import ConfigurationError, RenewalError
from ...ground.page_headers import protect
from ...guard.https_only import lead_to_https
from ...guard.page_guard import PAGES, Words
from ...guard.same_origin import check_origin
from ...identity.services import EXTENSION
from . import words
from .account import pages
from .answers import http_error, refusal
from .current_user import template_context
from .notices import of_ending

__all__ = ["http_error", "install"]

_WORDS = Words(refusal=refusal, later=lambda: http_error(ServiceUnavailable()), notice=of_ending)


def install(app: Flask, url_prefix: str | None = None) -> None:
    """Mount the pages on an application that `Renewal` has set up, beneath `url_prefix` if there is one.

    What the host keeps: its error handlers, its language where it has a Flask-Babel, and any page of ours that it
    has in its own templates as ``renewal/….html``.
    """
    if EXTENSION not in app.extensions:
        raise ConfigurationError("The pages need Flask-Renewal; call Renewal(app, …) before installing them.")
    words.install(app, app.extensions[EXTENSION].settings)
    app.register_blueprint(pages, url_prefix=url_prefix)
    app.extensions[PAGES] = _WORDS
    # First, so that the `current_user` of a host, or of its Flask-Login, takes the place of ours.
    app.template_context_processors[None].insert(0, template_context)


pages.before_request(lead_to_https)
pages.before_request(check_origin)
pages.after_request(protect)
pages.register_error_handler(RenewalError, refusal)
pages.register_error_handler(HTTPException, http_error)
