"""`/auth/verify`: may the request pass that a proxy describes, and who makes it?

For nginx's `auth_request`, Caddy's `forward_auth` and Traefik's `forwardAuth`. The proxy tells the method in
`X-Forwarded-Method` and the address in `X-Forwarded-Uri` or `X-Original-URI`; cookies, `Origin` and `Sec-Fetch-…` are
those of the request itself. It hands `Set-Cookie` and the renewal header of the answer on, where it can.
"""

from flask import Blueprint, Flask, Response, request
from flask_jwt_extended import get_jwt

from ...ground.context import this_request
from ...ground.errors import RenewalError, TokenMissingError
from ...ground.local_paths import is_local_path
from ...ground.origins import SAFE_METHODS
from ...ground.problems import from_refusal
from ...guard.access import access_required, brings_token
from ...guard.same_origin import check_origin
from ...guard.sign_in_page import is_navigation, sign_in_url
from ...guard.visitors import current_visitor
from ...identity.services import Services
from .names import told_of

gateway = Blueprint("flask_renewal_gateway", __name__)

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class _Empty(Response):
    """An answer without a body, nor a type of one."""

    default_mimetype = None


@gateway.route("/verify", methods=_METHODS)
def verify() -> Response:
    """Answer 204 and who makes the request, or 401; a navigation is led to the sign-in page and back."""
    return _by_token() if brings_token() else _by_cookies()


@access_required(locations="headers")
def _by_token() -> Response:
    claims = get_jwt()
    return _passed(claims["sub"], claims["sid"])


def _by_cookies() -> Response:
    """Judge by the pages' cookies, which come along by themselves: the request must not be a foreign page's."""
    asked = this_request()
    method = asked.environ.get("HTTP_X_FORWARDED_METHOD", asked.method)
    check_origin(method)
    visitor = current_visitor()
    if visitor is None:
        return _signed_out(method)
    return _passed(visitor.user_id, visitor.session_id)


def _passed(user_id: str, session_id: str) -> Response:
    return _Empty(status=204, headers=[*told_of(user_id), ("X-Auth-Session", session_id)])


def _signed_out(method: str) -> Response:
    """Answer 303 where the proxy hands that on, else 401 with the address to lead to.

    Caddy and Traefik, which describe requests by `X-Forwarded-Uri`, do; nginx knows 401 only.
    """
    asked = request.headers.get("X-Forwarded-Uri") or request.headers.get("X-Original-URI", "")
    onward = asked if method in SAFE_METHODS and is_local_path(asked) else None
    location = sign_in_url(onward=onward) if is_navigation() else None
    response = from_refusal(TokenMissingError())
    if location is None:
        return response
    if "X-Forwarded-Uri" in request.headers:
        return _Empty(status=303, headers={"Cache-Control": "no-store", "Location": location})
    response.headers["X-Login-Location"] = location
    return response


def install(app: Flask, services: Services) -> None:
    """Mount the route beside the API's."""
    app.register_blueprint(gateway, url_prefix=services.settings.url_prefix)


gateway.register_error_handler(RenewalError, from_refusal)
