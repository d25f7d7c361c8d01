"""Who asks for a page, by its cookies, and how they sign in and out.

A page asked for with an expired access token and a good refresh token is renewed on the way, by the same rule as
anywhere else.
"""

from contextlib import suppress

from flask import Response, request

from ..ground.errors import AccessError, AccountError, RefreshError
from ..ground.origins import SAFE_METHODS, is_trusted
from ..identity.request import (
    has_cookie,
    only,
    provenance,
    sent_access_cookies,
    sent_refresh_cookies,
    sessions_of_cookies,
    user_agent,
)
from ..identity.services import current
from ..identity.sessions.ending import REUSE
from ..identity.sessions.grants import Grant, Origin
from ..identity.users.base import Account
from .access import let_in_by_cookie
from .adopting import adopt
from .same_origin import is_refused
from .visits import Visit, Visitor, current_visit

_OF_A_WINDOW = ("document", "empty")
"""What a navigation says it is for: itself, and passed on by a service worker. A frame says ``iframe``."""


def current_visitor() -> Visitor | None:
    """Return who asks for this page, renewed on the way if need be; ``None`` if nobody is signed in.

    Nor is anybody where a foreign page sends a form, for the cookies came along by themselves. Raises
    `TooManyRequestsError`, and `StoreUnavailableError` where a renewal is needed and cannot be done.
    """
    visit = current_visit()
    if not visit.is_known:
        visit.is_known = True
        if not _is_foreign_form():
            visit.visitor = _by_access_cookie() or _renewed(visit)
    return visit.visitor


def _is_foreign_form() -> bool:
    if request.method in SAFE_METHODS or not has_cookie():
        return False
    source = provenance()
    return not is_trusted(source, current().settings.trusted_origins) and is_refused(source)


def _by_access_cookie() -> Visitor | None:
    services = current()
    sent = sent_access_cookies()
    if len(sent) != 1:
        return None
    try:
        token = services.access_tokens.read_cookie(sent[0])
    except AccessError:
        return None
    return Visitor.presenting(token) if let_in_by_cookie(token) else None


def _renewed(visit: Visit) -> Visitor | None:
    """Renew by the refresh cookie, or adopt an old sign-in; a token that is dead for good takes the cookies with it."""
    services = current()
    sent = sent_refresh_cookies()
    if not _may_renew():
        return None
    try:
        grant = services.sessions.refresh(only(sent), request.headers.get("X-Device-Id")) if sent else _adopted()
    except RefreshError as error:
        if error.is_final:
            visit.forget()
            visit.over = error.reason or error.code
        return None
    except AccountError:  # who may not sign in has not signed in
        return None
    if grant is None or not let_in_by_cookie(services.access_tokens.read_issued(grant.access_token)):
        return None
    visit.keep(grant)
    return visit.visitor


def _adopted() -> Grant | None:
    """Adopt an old sign-in, unless it is for the API to do that, which has been asked for more than a page."""
    return None if request.path.startswith(f"{current().settings.url_prefix}/") else adopt()


def _may_renew() -> bool:
    """Say whether cookies that came by themselves may renew: not for what other sites embed, nor for a guess.

    Following a link from anywhere is a person's own doing (Fetch Metadata §2), and no script can say that it
    navigates, not even a service worker that passes a navigation on.
    """
    if is_prefetch():
        return False
    headers, settings = request.headers, current().settings
    if request.method in SAFE_METHODS:
        is_let = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") in _OF_A_WINDOW
    else:
        is_let = settings.untrusted_origins == "report" and has_cookie()  # and it has been told of
    return is_let or is_trusted(provenance(), settings.trusted_origins)


def is_prefetch() -> bool:
    """Say whether the browser asks before anybody has clicked."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def sign_in(account: Account, *, remember: bool) -> None:
    """Start a session for somebody who has just proved the password; the one that the cookie names is over."""
    services = current()
    origin = Origin(user_agent=user_agent(), remember=remember)
    visit = current_visit()
    visit.keep(services.sessions.start(account, origin, replacing=visit.refresh_tokens()))


def brings_reused() -> bool:
    """Say whether a cookie here is of a session that was ended for reuse; without a cookie the store is not asked."""
    brought = map(current().store.find, sessions_of_cookies())
    return any(session is not None and session.ended_reason == REUSE for session in brought)


def prove(visitor: Visitor, account: Account) -> None:
    """Note that the visitor has proved the password again."""
    current_visit().keep(current().sessions.confirm(visitor.session_id, account))


def sign_out_on(response: Response) -> Response:
    """End the sessions that the cookies name, expired or not, and delete the cookies; return the same answer."""
    services, visit = current(), current_visit()
    services.sessions.end_presented(visit.refresh_tokens(), reason="logout")
    for text in sent_access_cookies():
        with suppress(AccessError):
            token = services.access_tokens.read_cookie_expired(text)
            services.sessions.end_own(token.session_id, user_id=token.subject, reason="logout", everywhere=False)
    visit.forget()
    visit.write(response)
    # Whoever sits down next must not find the pages in the browser's memory (W3C Clear Site Data §3.1); what the host
    # keeps in the origin's storage, or its service workers do, is the host's.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
