"""Where people sign in: on the host's own page, else on ours."""

from urllib.parse import urlencode

from flask import current_app, request, url_for

from ..identity.services import current

PAGE = "flask_renewal_pages.login"


def sign_in_url(*, onward: str | None = None, notice: str | None = None, over: str | None = None) -> str | None:
    """Return the address of the page, which leads `onward` to a path of this site; ``None`` where there is no page.

    Ours tells what `notice` says, a host's why a session is `over`.
    """
    address = current().settings.login_url
    if address is None:
        return url_for(PAGE, next=onward, notice=notice) if PAGE in current_app.view_functions else None
    if "/" not in address:
        return url_for(address, next=onward, reason=over)
    target = onward if onward is None or address.startswith("/") else f"{request.host_url.rstrip('/')}{onward}"
    asked = {name: value for name, value in (("next", target), ("reason", over)) if value is not None}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked, safe='/')}" if asked else address


def address_of(page: str) -> str:
    """Return the address of a page of the host's that a setting names: an endpoint's, else as it stands."""
    return page if "/" in page else url_for(page)


def is_navigation() -> bool:
    """Say whether the answer is to be looked at: a browser says so, and htmx says that it is not.

    A browser that says nothing of it, as over plain http, asks for HTML where it navigates, and scripts do not.
    """
    headers = request.headers
    if "HX-Request" in headers:
        return False
    if "Sec-Fetch-Mode" in headers:
        return headers["Sec-Fetch-Mode"] == "navigate"
    return "Accept" not in headers or "text/html" in request.accept_mimetypes.values()
