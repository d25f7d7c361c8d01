"""Everything that one application's sessions are made of, put together once at start."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from flask import Flask

from .access_tokens import AccessTokens, Additions
from .accounts import Accounts
from .ambient import Ambient
from .clocks import StoreClock
from .context import this_app, this_request
from .cookies import LONGEST_COOKIE_LIFE, CookiePolicy, CookieSpec
from .errors import RefreshTokenInvalidError
from .events import Events
from .keys import KeyRing
from .origins import Provenance
from .refresh_tokens import RefreshTokens
from .revocations import Revocations
from .sessions import Sessions
from .settings import Settings
from .stores.base import Session, Store
from .throttle import Throttle
from .users import Users

EXTENSION = "flask-renewal"

REFRESH_COOKIE = "refresh_token"
ACCESS_COOKIE = "access_token"
"""Of the pages; the API neither sets nor reads it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The parts of the extension in one application."""

    settings: Settings
    ambient: Ambient
    events: Events
    keys: KeyRing
    store: Store
    clock: StoreClock
    users: Users
    cookies: CookiePolicy
    access_tokens: AccessTokens
    revocations: Revocations
    refresh_tokens: RefreshTokens
    sessions: Sessions
    accounts: Accounts

    def refresh_cookie(self) -> CookieSpec:
        """Return the refresh cookie as this request's host sets and reads it."""
        return self._cookie(REFRESH_COOKIE)

    def access_cookie(self) -> CookieSpec:
        """Return the pages' access cookie as this request's host sets and reads it."""
        return self._cookie(ACCESS_COOKIE)

    def _cookie(self, base_name: str) -> CookieSpec:
        request = this_request()
        return self.cookies.spec(base_name, scheme=request.scheme, host=request.host)

    def sent_refresh_cookie(self) -> str | None:
        """Return the value of the refresh cookie that this request brings, if it brings one."""
        return self.refresh_cookie().read(this_request().cookies)

    def sent_access_cookie(self) -> str | None:
        """Return the value of the pages' access cookie that this request brings, if it brings one."""
        return self.access_cookie().read(this_request().cookies)

    def has_cookie(self) -> bool:
        """Say whether this request brings a cookie of ours, however often and whatever is in it."""
        sent = this_request().cookies
        return self.refresh_cookie().name in sent or self.access_cookie().name in sent

    def session_of_cookie(self) -> str | None:
        """Return the id of the session that the browser's refresh cookie belongs to, whatever the token's state."""
        cookie = self.sent_refresh_cookie()
        if cookie is not None:
            with suppress(RefreshTokenInvalidError):
                return self.refresh_tokens.read(cookie).session_id
        return None

    def cookie_life(self, session: Session) -> timedelta | None:
        """Return how long a cookie of this session is kept; ``None`` for one that ends with the browser."""
        if not session.remember:
            return None
        if session.expires_at is None:
            return LONGEST_COOKIE_LIFE
        return session.expires_at - self.ambient.now()


def assemble(
    app: Flask, *, settings: Settings, store: Store, users: Users, ambient: Ambient, additions: Additions
) -> Services:
    """Put the parts together; raises `ConfigurationError` where settings or keys do not fit."""
    keys = KeyRing.open(settings, Path(app.instance_path))
    throttle = Throttle(settings, cast(Mapping[str, Any], app.config))
    notices = Events(app)
    access_tokens = AccessTokens(settings, keys, ambient=ambient, additions=additions)
    clock = StoreClock(settings, store, ambient)
    revocations = Revocations(settings, store, ambient, clock)
    refresh_tokens = RefreshTokens(keys)
    sessions = Sessions(
        settings=settings,
        store=store,
        users=users,
        access_tokens=access_tokens,
        refresh_tokens=refresh_tokens,
        revocations=revocations,
        throttle=throttle,
        ambient=clock.trusted(),
        notices=notices,
    )
    accounts = Accounts(
        settings=settings, users=users, sessions=sessions, throttle=throttle, ambient=clock.trusted(), notices=notices
    )
    return Services(
        settings=settings,
        ambient=ambient,
        events=notices,
        keys=keys,
        store=store,
        clock=clock,
        users=users,
        cookies=_cookies(settings),
        access_tokens=access_tokens,
        revocations=revocations,
        refresh_tokens=refresh_tokens,
        sessions=sessions,
        accounts=accounts,
    )


def _cookies(settings: Settings) -> CookiePolicy:
    return CookiePolicy(
        secure=settings.cookie_secure, same_site=settings.cookie_same_site, domain=settings.cookie_domain
    )


def current() -> Services:
    """Return the services of the current application."""
    return cast(Services, this_app().extensions[EXTENSION])


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
