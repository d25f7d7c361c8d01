"""The headers that keep a page to itself: no foreign frame, script, style, form target or opener."""

from http import HTTPStatus

from flask import Response, redirect

from .context import this_app, this_request

POLICY = "Content-Security-Policy"
_OUR_FILES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer, browsers would send the origin of our own forms as "null" (Fetch, "append a request Origin").
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "flask_renewal_hsts"
"""The place in `app.extensions` of how many seconds browsers are to come by https only, where it is not a year."""
_YEAR_SECONDS = 365 * 24 * 3600


def protect(response: Response) -> Response:
    """Add them to the answer to this request; a policy that it has already stays."""
    response.headers.setdefault(POLICY, _OUR_FILES)
    response.headers.update(HEADERS)
    if this_request().is_secure:
        seconds = this_app().extensions.get(HSTS, _YEAR_SECONDS)
        response.headers["Strict-Transport-Security"] = f"max-age={seconds}"
    return response


def see_other(location: str) -> Response:
    """Answer a form with where to go on: by GET, whatever the method was (RFC 9110 §15.4.4)."""
    response = Response(status=HTTPStatus.SEE_OTHER, headers=redirect(location).headers)
    response.headers["Content-Length"] = "0"
    response.headers["Cache-Control"] = "no-store"
    return protect(response)
