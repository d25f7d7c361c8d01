"""Plain http: refused, or led to https, where the host says so; and browsers told to ask by https only."""

from flask import Flask, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from ..ground import origins
from ..ground.context import this_request
from ..ground.cookies import is_loopback
from ..ground.errors import HttpsRequiredError
from ..ground.page_headers import HSTS
from ..identity.services import Services, current


def check_https() -> None:
    """Refuse a request over plain http, and do not lead it to https: whoever sends a token so must hear of it."""
    if _is_plain():
        raise HttpsRequiredError


def lead_to_https() -> AnyResponse | None:
    """Lead a request for a page over plain http to https; refuse one that would change state."""
    if not _is_plain():
        return None
    request = this_request()
    if request.method not in origins.SAFE_METHODS:
        raise HttpsRequiredError
    return redirect(f"https://{request.url.partition('://')[2]}", 308)


def install(app: Flask, services: Services) -> None:
    """Tell browsers over https to come by https only (RFC 6797 §7.2), on every answer that does not say so itself."""
    if services.settings.hsts is None:
        return
    seconds = app.extensions[HSTS] = int(services.settings.hsts.total_seconds())

    def tell(response: Response) -> Response:
        if this_request().scheme == "https":
            response.headers.setdefault("Strict-Transport-Security", f"max-age={seconds}")
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, tell)


def _is_plain() -> bool:
    request = this_request()
    return current().settings.https_only and request.scheme == "http" and not is_loopback(request.host)
