"""The guard of pages, a host's own among them: in by cookie, or to the sign-in page and back.

It knows no page of ours: where those are installed, they say how to answer in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

from flask import Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from ..ground.errors import RenewalError, TokenMissingError
from ..ground.local_paths import is_local_path
from ..ground.origins import SAFE_METHODS, own_origins
from ..ground.page_headers import see_other
from ..ground.problems import from_refusal
from ..identity.request import provenance
from ..identity.services import current
from .access import note_guarded
from .same_origin import check_origin
from .sign_in_page import is_navigation, sign_in_url
from .visitors import current_visitor, is_prefetch
from .visits import current_visit

View = TypeVar("View", bound=Callable[..., Any])

PAGES = "flask_renewal_pages"
"""Where an application keeps the words of our pages."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """How to answer whoever gets no page, in words for people."""

    refusal: Callable[[RenewalError], Response]
    later: Callable[[], Response]
    """For who should ask again."""
    notice: Callable[[str | None], str | None]
    """What the sign-in page is to be asked to say of an ending."""


def _left_to_the_host(error: RenewalError) -> Response:
    raise error


def _later() -> Response:
    raise ServiceUnavailable


_NO_WORDS = Words(refusal=_left_to_the_host, later=_later, notice=lambda _: None)


def page_required(view: View) -> View:
    """Guard a page: let in who is signed in, by cookie, and send everybody else to the sign-in page and back.

    A script gets 401 instead, with the address of that page in `X-Login-Location`. A form sent from another site is
    refused. Flask-JWT-Extended's `current_user`, `get_jwt_identity()` and `get_jwt()` work in the view.
    """

    is_async = iscoroutinefunction(view)
    note_guarded(view)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        words = _words()
        try:
            if request.method not in SAFE_METHODS:
                check_origin()
            visitor = current_visitor()
        except RenewalError as error:
            return words.refusal(error)
        if visitor is None:
            return _ask_to_sign_in(words)
        return (current_app.ensure_sync(view) if is_async else view)(*args, **kwargs)

    return cast(View, guarded)


def _words() -> Words:
    """Return how to answer.

    Raises `ConfigurationError` or `RuntimeError` with the cure: the answer to a mistake in the code is no page.
    """
    words: Words | None = current_app.extensions.get(PAGES)
    if words is None and current().settings.login_url is None:
        raise RuntimeError(
            "page_required leads to the sign-in page, and there is none; call install_pages(app) after Renewal(app, …),"
            " or set RENEWAL_LOGIN_URL to your own."
        )
    return words or _NO_WORDS


def _ask_to_sign_in(words: Words) -> Response:
    """Lead to the sign-in page and back.

    A browser that only guesses is told to come back when somebody has clicked; a script, which could not tell the
    sign-in page from what it asked for, gets 401 and the address.
    """
    if is_prefetch():
        return words.later()
    over = current_visit().over
    notice = words.notice(over)
    if not is_navigation():
        return _unauthorized(sign_in_url(onward=_page_of_script(), notice=notice, over=over))
    location = sign_in_url(onward=_asked_for(), notice=notice, over=over)
    return see_other(location) if location else words.refusal(TokenMissingError())


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
