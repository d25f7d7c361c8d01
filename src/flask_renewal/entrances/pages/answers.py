"""Answers for people: pages with their headers, redirects, refusals as pages."""

from http import HTTPStatus

from flask import Response, render_template
from werkzeug.exceptions import HTTPException

from ...ground.errors import RenewalError, SessionNotFoundError
from ...ground.page_headers import POLICY, protect
from ...ground.problems import from_http as problem_from_http
from ...ground.problems import from_refusal as problem_from_refusal
from ...identity.services import current
from .assets import asset_url
from .site import policy, site
from .words import gettext, spoken

_ = gettext


def page(template: str, status: int = HTTPStatus.OK, **context: object) -> Response:
    """Answer with a page of ours, in the visitor's language."""
    nonce, language = current().ambient.new_id(), spoken()
    tag, direction = language.name.replace("_", "-"), language.locale.text_direction
    words = {"_": language.gettext, "ngettext": language.ngettext, "language": tag, "direction": direction}
    frame = {"asset_url": asset_url, "site": site(), "csp_nonce": nonce}
    response = Response(render_template(f"renewal/{template}", **words, **frame, **context), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers[POLICY] = policy(nonce)
    response.vary.add("Accept-Language")
    return protect(response)


def refusal(error: RenewalError) -> Response:
    """Answer a refusal with a page."""
    problem = problem_from_refusal(error)
    if isinstance(error, SessionNotFoundError):
        told = _("Signed out already"), _("That device is not signed in any more.")
    else:
        told = _told(problem.status_code)
    return _error_page(problem, told)


def http_error(error: HTTPException) -> Response:
    """Answer an HTTP error of Werkzeug's with a page."""
    problem = problem_from_http(error)
    if problem.status_code < HTTPStatus.BAD_REQUEST:
        return problem
    return _error_page(problem, _told(problem.status_code))


def _error_page(problem: Response, told: tuple[str, str]) -> Response:
    title, sentence = told
    response = page("error.html", problem.status_code, title=title, sentence=sentence)
    for name in ("Allow", "Retry-After"):
        if name in problem.headers:
            response.headers[name] = problem.headers[name]
    return response


def _told(status: int) -> tuple[str, str]:
    """Return title and sentence of the page for a status."""
    return {
        400: (_("That did not work"), _("Your browser sent something that this site cannot read.")),
        401: (_("Signed out"), _("You are not signed in any more.")),
        403: (
            _("Not from here"),
            _(
                "This form was sent from another website, so nothing was done."
                " If it was you, go back to your account and try again there."
            ),
        ),
        404: (_("Page not found"), _("There is nothing at this address.")),
        405: (_("Page not found"), _("There is nothing to see at this address.")),
        413: (_("Too long"), _("That is more than this site takes in.")),
        429: (_("Too many attempts"), _("Please wait a minute, then try again.")),
        503: (_("Back soon"), _("This site cannot reach its database just now. You have not been signed out.")),
    }.get(status, (_("Something went wrong"), _("It is our fault, not yours. Please try again in a moment.")))
