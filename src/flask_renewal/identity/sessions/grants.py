"""What a sign-in takes, and what it and a refresh hand out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...stores.base import Session
from ..users.people import Person
from .parts import Parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a session is started from: what the person and the browser say of the device."""

    device: str | None = None
    user_agent: str | None = None
    device_id: str | None = None
    """Opaque; the session refreshes only together with the same one."""
    remember: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On which terms a session is started."""

    replacing: Iterable[str] = ()
    """The refresh tokens whose sessions are over once it has begun."""
    fresh: bool = True
    """Whether the user was authenticated just now."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """The session's own."""
    browser: str = ""
    """How the id begins where other tabs of the same browser may start one at the same time, and one is enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a sign-in or a refresh hands out."""

    session: Session
    username: str | None
    access_token: str = field(repr=False)
    expires_in: int
    """Seconds."""
    refresh_token: str | None = field(repr=False)
    """``None`` where no new one is handed out: in a quiet answer."""


def grant_of(parts: Parts, session: Session, person: Person, *, fresh: bool, refresh_token: str | None) -> Grant:
    """Return what is handed out, with a new access token; `fresh` is for a password just proved."""
    access_token, expires_in = parts.access_tokens.issue(session, fresh=fresh)
    return Grant(
        session=session,
        username=person.username,
        access_token=access_token,
        expires_in=expires_in,
        refresh_token=refresh_token,
    )
