"""Everything that one application's sessions are made of, put together once at start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response

from ..ground import events
from ..ground.ambient import Ambient
from ..ground.context import this_app, this_request
from ..ground.cookies import (
    ACCESS_COOKIE,
    LONGEST_COOKIE,
    LONGEST_COOKIE_LIFE,
    REFRESH_COOKIE,
    CookiePolicy,
    CookieSpec,
)
from ..ground.downgrades import doubt
from ..ground.errors import RefreshTokenAmbiguousError, RefreshTokenMissingError
from ..ground.events import Events
from ..ground.origins import Provenance
from ..settings import Settings
from ..stores.base import Session, Store
from .accounts import Accounts
from .host import Host
from .sessions.clocks import StoreClock
from .sessions.grants import Grant
from .sessions.parts import Parts
from .sessions.revocations import Revocations
from .sessions.sessions import Sessions
from .tokens.access import AccessTokens
from .tokens.keys import KeyRing
from .tokens.refresh import RefreshTokens
from .users.base import Users
from .users.passwords import Passwords
from .users.throttle import Throttle

EXTENSION = "flask-renewal"


_TOO_LARGE = (
    "The pages' access cookie {} would have more than {:,} bytes, and browsers would drop it: it goes out without what"
    " additional_claims_loader adds, which is asked for each page instead; let it add less"
)


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

    def sent_refresh_cookies(self) -> Sequence[str]:
        """Return the values of all refresh cookies that this request brings."""
        return self.refresh_cookie().read(this_request().cookies)

    def sent_access_cookies(self) -> Sequence[str]:
        """Return the values of all access cookies of the pages that this request brings."""
        return self.access_cookie().read(this_request().cookies)

    def has_cookie(self) -> bool:
        """Say whether this request brings a cookie of ours, however often and whatever is in it."""
        sent = this_request().cookies
        return self.refresh_cookie().name in sent or self.access_cookie().name in sent

    def only(self, sent: Sequence[str]) -> str:
        """Return the one refresh token that was sent.

        Raises `RefreshTokenMissingError`, or `RefreshTokenAmbiguousError`, which is logged: of two cookies of one name,
        a sibling host may have planted one.
        """
        if len(sent) > 1:
            self.events.send(events.refresh_token_ambiguous, cookie=self.refresh_cookie().name)
            raise RefreshTokenAmbiguousError
        if not sent:
            raise RefreshTokenMissingError
        return sent[0]

    def sessions_of_cookies(self) -> Sequence[str]:
        """Return the ids of the sessions that the browser's refresh cookies belong to, whatever the tokens' state."""
        return [token.session_id for token in map(self.refresh_tokens.find, self.sent_refresh_cookies()) if token]

    def set_refresh_cookie(self, response: Response, token: str, session: Session) -> None:
        """Set the refresh cookie; warn once where a proxy seems to say nothing of TLS."""
        cookie = self.refresh_cookie()
        doubted = doubt(cookie, provenance()) if self.cookies.secure is None else None
        if doubted is not None:
            self.events.warn_once(doubted.code, doubted.sentence)
        cookie.set(response, token, max_age=self.cookie_life(session))

    def set_access_cookie(self, response: Response, grant: Grant) -> None:
        """Set the pages' access cookie, without what the host adds to tokens where browsers would drop it otherwise."""
        cookie, token, life = self.access_cookie(), grant.access_token, self.cookie_life(grant.session)
        if not cookie.fits(token):
            self.events.warn_once("access_cookie_too_large", _TOO_LARGE.format(cookie.name, LONGEST_COOKIE))
            token = self.access_tokens.for_cookie(token)
        cookie.set(response, token, max_age=None if life is None else timedelta(seconds=grant.expires_in))

    def clear_cookies(self, response: Response) -> None:
        """Delete the refresh cookie and, where there is one, the pages' access cookie.

        One that another application signed is left alone: it is in use there.
        """
        sent = self.sent_refresh_cookies()
        if not sent or any(map(self.refresh_tokens.find, sent)):
            self.refresh_cookie().clear(response)
        if any(map(self.access_tokens.is_ours, self.sent_access_cookies())):
            self.access_cookie().clear(response)

    def cookie_life(self, session: Session) -> timedelta | None:
        """Return how long a cookie of this session is kept; ``None`` for one that ends with the browser."""
        if not session.remember:
            return None
        if session.expires_at is None:
            return LONGEST_COOKIE_LIFE
        return session.expires_at - self.clock.now()


def assemble(app: Flask, *, settings: Settings, store: Store, host: Host, ambient: Ambient) -> Services:
    """Put the parts together; raises `ConfigurationError` where settings or keys do not fit."""
    keys = KeyRing.open(settings, Path(app.instance_path))
    throttle = Throttle(settings, cast(Mapping[str, Any], app.config))
    notices = Events(app)
    access_tokens = AccessTokens(settings, keys, ambient=ambient, additions=host.additions)
    clock = StoreClock(settings, store, ambient)
    revocations = Revocations(settings, store, ambient, clock)
    refresh_tokens = RefreshTokens(keys)
    parts = Parts(
        settings=settings,
        store=store,
        users=host.users,
        access_tokens=access_tokens,
        refresh_tokens=refresh_tokens,
        revocations=revocations,
        throttle=throttle,
        ambient=clock.trusted(),
        notices=notices,
    )
    sessions = Sessions(parts)
    passwords = Passwords(verify_foreign=host.verify_password, rehash=settings.rehash)
    return Services(
        settings=settings,
        ambient=ambient,
        events=notices,
        keys=keys,
        store=store,
        clock=clock,
        users=host.users,
        cookies=_cookies(settings),
        access_tokens=access_tokens,
        revocations=revocations,
        refresh_tokens=refresh_tokens,
        sessions=sessions,
        accounts=Accounts(parts, sessions, passwords),
    )


def _cookies(settings: Settings) -> CookiePolicy:
    chosen = {REFRESH_COOKIE: settings.refresh_cookie_name, ACCESS_COOKIE: settings.access_cookie_name}
    return CookiePolicy(
        secure=settings.cookie_secure,
        same_site=settings.cookie_same_site,
        domain=settings.cookie_domain,
        names={ours: name for ours, name in chosen.items() if name is not None},
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
