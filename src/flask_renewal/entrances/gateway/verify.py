"""`/auth/verify`: may the request pass that a proxy describes, and who makes it?

For nginx's `auth_request`, Caddy's `forward_auth` and Traefik's `forwardAuth`. The proxy tells the method in
`X-Forwarded-Method` and the address in `X-Forwarded-Uri` or `X-Original-URI`; cookies, `Origin` and `Sec-Fetch-…` are
those of the request itself. It hands `Set-Cookie` and the renewal header of the answer on, where it can.
"""

from urllib.parse import quote

from flask import Blueprint, Flask, Response, request
from flask_jwt_extended import get_jwt

from ...ground.errors import RenewalError, SessionOverError, TokenMissingError
from ...ground.local_paths import is_local_path
from ...ground.origins import SAFE_METHODS
from ...ground.problems import from_refusal
from ...guard.access import access_required
from ...guard.same_origin import check_origin
from ...guard.sign_in_page import is_navigation, sign_in_url
from ...guard.visitors import current_visitor
from ...identity.services import Services, current
from ..api.answers import no_content
from ..api.routes import keep_out_of_caches

gateway = Blueprint("flask_renewal_gateway", __name__)

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_VISIBLE = "!#$&'()*+,-./:;<=>?@[]^_`{|}~ "
"""What a header may hold as it is, but for the sign of an escape, a quote and a backslash."""


@gateway.route("/verify", methods=_METHODS)
@access_required(optional=True, locations="headers")
def verify() -> Response:
    """Answer 204 and who makes the request, or 401; a navigation is led to the sign-in page and back."""
    claims = get_jwt()
    if claims:
        return _passed(claims["sub"], claims["sid"])
    method = request.headers.get("X-Forwarded-Method", request.method)
    check_origin(method)
    visitor = current_visitor()
    if visitor is None:
        return _signed_out(method)
    return _passed(visitor.user_id, visitor.session_id)


def _passed(user_id: str, session_id: str) -> Response:
    """Say who it is, in ASCII: whatever else a name holds is percent-encoded UTF-8."""
    person = current().people.find(user_id)
    if person is None:
        raise SessionOverError
    response = no_content()
    told = {"X-Auth-User": user_id, "X-Auth-Username": person.username, "X-Auth-Session": session_id}
    response.headers.update({name: quote(text, safe=_VISIBLE) for name, text in told.items() if text is not None})
    return response


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
        return Response(status=303, headers={"Location": location})
    response.headers["X-Login-Location"] = location
    return response


def install(app: Flask, services: Services) -> None:
    """Mount the route beside the API's."""
    app.register_blueprint(gateway, url_prefix=services.settings.url_prefix)


gateway.after_request(keep_out_of_caches)
gateway.register_error_handler(RenewalError, from_refusal)
