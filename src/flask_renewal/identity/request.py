"""What this request brings: where it comes from, and its cookies, which its answer sets and deletes."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Response

from ..ground import events
from ..ground.context import this_request
from ..ground.cookies import (
    ACCESS_COOKIE,
    ADOPTED_COOKIE,
    LONGEST_COOKIE,
    LONGEST_COOKIE_LIFE,
    REFRESH_COOKIE,
    CookieSpec,
)
from ..ground.downgrades import doubt
from ..ground.errors import RefreshTokenAmbiguousError, RefreshTokenMissingError
from ..ground.origins import Provenance
from ..ground.text import USER_AGENT_MAX_CHARACTERS, label
from ..stores.base import Session
from .services import current
from .sessions.grants import Grant

_TOO_LARGE = (
    "The pages' access cookie {} would have more than {:,} bytes, and browsers would drop it: it goes out without what"
    " the host's loaders of claims add, which are asked for each page instead; let them add less"
)


def provenance() -> Provenance:
    """Return what this request says of where it comes from.

    Read from the environment: to miss a header in `request.headers` takes 5 µs, for it raises and catches an error.
    """
    request = this_request()
    return Provenance(
        sec_fetch_site=request.environ.get("HTTP_SEC_FETCH_SITE"),
        origin=request.environ.get("HTTP_ORIGIN"),
        scheme=request.scheme,
        host=request.host,
    )


def user_agent() -> str | None:
    """Return what the client says that it is, for people to read."""
    return label(this_request().environ.get("HTTP_USER_AGENT"), longest=USER_AGENT_MAX_CHARACTERS)


def refresh_cookie() -> CookieSpec:
    """Return the refresh cookie as this request's host sets and reads it."""
    request = this_request()
    return current().cookies.spec(REFRESH_COOKIE, scheme=request.scheme, host=request.host)


def access_cookie() -> CookieSpec:
    """Return the pages' access cookie as this request's host sets and reads it."""
    request = this_request()
    return current().cookies.spec(ACCESS_COOKIE, scheme=request.scheme, host=request.host)


def adopted_cookie() -> CookieSpec:
    """Return the cookie that remembers that this browser has had one of ours."""
    request = this_request()
    return current().cookies.spec(ADOPTED_COOKIE, scheme=request.scheme, host=request.host)


def sent_refresh_cookies() -> Sequence[str]:
    """Return the values of all refresh cookies that this request brings."""
    return refresh_cookie().read(this_request().cookies)


def sent_access_cookies() -> Sequence[str]:
    """Return the values of all access cookies of the pages that this request brings."""
    return access_cookie().read(this_request().cookies)


def has_cookie() -> bool:
    """Say whether this request brings a cookie of ours, however often and whatever is in it."""
    sent = this_request().cookies
    return refresh_cookie().name in sent or access_cookie().name in sent


def only(sent: Sequence[str]) -> str:
    """Return the one refresh token that was sent.

    Raises `RefreshTokenMissingError`, or `RefreshTokenAmbiguousError`, which is logged: of two cookies of one name,
    a sibling host may have planted one.
    """
    if len(sent) > 1:
        current().events.send(events.refresh_token_ambiguous, cookie=refresh_cookie().name)
        raise RefreshTokenAmbiguousError
    if not sent:
        raise RefreshTokenMissingError
    return sent[0]


def sessions_of_cookies() -> Sequence[str]:
    """Return the ids of the sessions that the browser's refresh cookies belong to, whatever the tokens' state."""
    return [token.session_id for token in map(current().refresh_tokens.find, sent_refresh_cookies()) if token]


def set_refresh_cookie(response: Response, token: str, session: Session) -> None:
    """Set the refresh cookie; warn once where a proxy seems to say nothing of TLS."""
    services, source = current(), provenance()
    cookie = services.cookies.spec(REFRESH_COOKIE, scheme=source.scheme, host=source.host)
    doubted = doubt(cookie, source) if services.cookies.secure is None else None
    if doubted is not None:
        services.events.warn_once(doubted.code, doubted.sentence)
    cookie.set(response, token, max_age=cookie_life(session))
    if services.functions.adopt is not None:
        _remember(response)


def set_access_cookie(response: Response, grant: Grant) -> None:
    """Set the pages' access cookie, without what the host adds to tokens where browsers would drop it otherwise."""
    cookie, token = access_cookie(), grant.access_token
    if not cookie.fits(token):
        current().events.warn_once("access_cookie_too_large", _TOO_LARGE.format(cookie.name, LONGEST_COOKIE))
        token = current().access_tokens.for_cookie(token, grant.session)
    cookie.set(response, token, max_age=timedelta(seconds=grant.expires_in) if grant.session.remember else None)


def cookie_life(session: Session) -> timedelta | None:
    """Return how long a cookie of a session is kept that was used just now; ``None``: it ends with the browser."""
    if not session.remember:
        return None
    return LONGEST_COOKIE_LIFE if session.expires_at is None else session.expires_at - session.last_used_at


def clear_cookies(response: Response) -> None:
    """Delete the refresh cookie and, where there is one, the pages' access cookie.

    One that another application signed is left alone: it is in use there.
    """
    services, sent = current(), sent_refresh_cookies()
    if not sent or any(map(services.refresh_tokens.find, sent)):
        clear_refresh_cookie(response)
    if any(map(services.access_tokens.is_ours, sent_access_cookies())):
        access_cookie().clear(response)


def clear_refresh_cookie(response: Response) -> None:
    """Delete the refresh cookie."""
    refresh_cookie().clear(response)
    if current().functions.adopt is not None:
        _remember(response)


def has_had_cookie() -> bool:
    """Say whether this browser has a cookie of ours, or had one, as far as a host that adopts sign-ins remembers."""
    return has_cookie() or adopted_cookie().name in this_request().cookies


def _remember(response: Response) -> None:
    """Let a sign-in from before us, which the host would adopt, come back no more in this browser."""
    cookie = adopted_cookie()
    if cookie.name not in this_request().cookies:
        cookie.set(response, "yes", max_age=LONGEST_COOKIE_LIFE)
