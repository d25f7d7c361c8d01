"""Everything that one application's sessions are made of, put together once at start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from flask import Flask

from ..ground import events
from ..ground.ambient import Ambient
from ..ground.context import this_app
from ..ground.cookies import ACCESS_COOKIE, ADOPTED_COOKIE, REFRESH_COOKIE, CookiePolicy
from ..ground.errors import ConfigurationError
from ..ground.events import Events
from ..settings import Settings
from ..stores.base import Store
from .accounts import Accounts
from .host import Host
from .remote.issuer import Issuer
from .remote.keys import PublishedKeys
from .sessions.clocks import StoreClock
from .sessions.parts import Parts
from .sessions.revocations import Revocations
from .sessions.sessions import Sessions
from .tokens.access import AccessTokens
from .tokens.keys.ring import KeyRing
from .tokens.keys.sources import open_ring
from .tokens.refresh import RefreshTokens
from .users.base import Users
from .users.hashing import Hashing, Observe
from .users.host_functions import HostFunctions
from .users.passwords import Passwords
from .users.people import People
from .users.throttle import Throttle

EXTENSION = "flask-renewal"
NOT_SET_UP = "Flask-Renewal is not set up on this application; call Renewal(app, …) where the application is made."


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The parts of the extension in one application."""

    settings: Settings
    ambient: Ambient
    events: Events
    keys: KeyRing
    store: Store
    clock: StoreClock
    people: People
    functions: HostFunctions
    cookies: CookiePolicy
    access_tokens: AccessTokens
    revocations: Revocations
    refresh_tokens: RefreshTokens
    sessions: Sessions
    ours: Accounts | None
    """The accounts that are ours to keep; ``None`` where the host proves who people are."""

    @property
    def accounts(self) -> Accounts:
        """The accounts that are ours to keep; raises `ConfigurationError` where the host proves who people are."""
        if self.ours is None:
            raise ConfigurationError(
                "Flask-Renewal keeps no accounts here, for the host proves who people are; pass user_model= or users=."
            )
        return self.ours

    @property
    def users(self) -> Users:
        """Those of the accounts; raises as `accounts`."""
        return self.accounts.users


def assemble(
    app: Flask, *, settings: Settings, store: Store, host: Host, ambient: Ambient, observe_hash: Observe | None = None
) -> Services:
    """Put the parts together; raises `ConfigurationError` where settings or keys do not fit."""
    keys = _keys(app, settings, ambient)
    notices = Events(app, monotonic=ambient.monotonic)
    clock = StoreClock(settings, store, ambient)
    revocations = Revocations(settings, store, ambient, clock)
    access_tokens = AccessTokens(
        settings, keys, ambient=ambient, additions=host.additions, find=store.find, surer_time=revocations.surer_time
    )
    parts = Parts(
        settings=settings,
        store=store,
        people=host.people,
        functions=host.functions,
        access_tokens=access_tokens,
        refresh_tokens=RefreshTokens(keys),
        revocations=revocations,
        throttle=Throttle(settings, cast(Mapping[str, Any], app.config), tell=_too_many(notices)),
        ambient=clock.trusted(),
        notices=notices,
    )
    sessions = Sessions(parts)
    return Services(
        settings=settings,
        ambient=ambient,
        events=notices,
        keys=keys,
        store=store,
        clock=clock,
        people=host.people,
        functions=host.functions,
        cookies=_cookies(settings),
        access_tokens=access_tokens,
        revocations=revocations,
        refresh_tokens=parts.refresh_tokens,
        sessions=sessions,
        ours=_accounts(parts, sessions, host, Hashing(tell=_too_many(notices), observe=observe_hash)),
    )


def _too_many(notices: Events) -> Callable[..., None]:
    return partial(notices.send, events.too_many_attempts)


def _keys(app: Flask, settings: Settings, ambient: Ambient) -> KeyRing:
    if settings.issuer_url is not None:
        return KeyRing(PublishedKeys(Issuer(settings), monotonic=ambient.monotonic), refresh={})
    return open_ring(settings, Path(app.instance_path), now=ambient.timestamp)


def _accounts(parts: Parts, sessions: Sessions, host: Host, hashing: Hashing) -> Accounts | None:
    if host.users is None:
        return None
    passwords = Passwords(verify_foreign=host.functions.verifies, rehash=parts.settings.rehash, hashing=hashing)
    return Accounts(parts, sessions, users=host.users, passwords=passwords)


def _cookies(settings: Settings) -> CookiePolicy:
    refresh = settings.refresh_cookie_name
    chosen = {
        REFRESH_COOKIE: refresh,
        ACCESS_COOKIE: settings.access_cookie_name,
        ADOPTED_COOKIE: refresh and f"{refresh}_{ADOPTED_COOKIE}",
    }
    return CookiePolicy(
        secure=settings.cookie_secure,
        same_site=settings.cookie_same_site,
        domain=settings.cookie_domain,
        names={ours: name for ours, name in chosen.items() if name is not None},
    )


def current() -> Services:
    """Return the services of the current application; raises `ConfigurationError` where it has none."""
    try:
        return cast(Services, this_app().extensions[EXTENSION])
    except KeyError:
        raise ConfigurationError(NOT_SET_UP) from None
