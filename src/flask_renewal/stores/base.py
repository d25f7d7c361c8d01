"""What a store of sessions does.

A store keeps rows and moves them on by compare-and-swap; it judges nothing. Whether a swap happened is its answer,
so that any number of processes may race.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from ..rotation import Chain, Verdict

LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""`rotated_at` of a session that has never rotated: outside every quiet window."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session(Chain):
    """One login on one browser or device. There is no secret in it: a token is an id, *signed*."""

    id: str
    user_id: str
    device: str | None
    user_agent: str | None
    remember: bool
    """``False``: the cookie ends with the browser, and the idle timeout is short."""
    created_at: datetime
    last_used_at: datetime
    authenticated_at: datetime
    """When the password was last proved: the claim `auth_time` (OpenID Connect Core §2)."""
    ended_reason: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The session's own, carried by every token of it."""
    username: str | None = field(default=None, compare=False)
    """The user's name, from a store that reads it along with the row of a user who may sign in; else ask the users."""

    @property
    def over_at(self) -> datetime:
        """The moment when the session is over if it is not used again."""
        return self.idle_expires_at if self.expires_at is None else min(self.idle_expires_at, self.expires_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A use of a session at `now`, and what it makes of the idle timeout of long and of short sessions."""

    now: datetime
    idle_expires_at: datetime
    short_idle_expires_at: datetime

    @classmethod
    def at(cls, now: datetime, *, idle: timedelta, short_idle: timedelta) -> "Use":
        """Return a use at `now`, which pushes the idle end this far."""
        return cls(now=now, idle_expires_at=now + idle, short_idle_expires_at=now + short_idle)

    def idle_for(self, session: Session) -> datetime:
        """Return the new idle end for this session."""
        return self.idle_expires_at if session.remember else self.short_idle_expires_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Swap:
    """A compare-and-swap that the rule allows: `presented` is what the row must hold, `fresh` what it gets."""

    session_id: str
    verdict: Verdict
    """``ROTATE`` compares with ``next``, ``REPLACE`` with ``current``."""
    presented: str
    fresh: str
    window: timedelta
    use: Use


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """Which living sessions to end: one by its id, or those of a user, all `but` one; and why."""

    reason: str
    now: datetime
    session_id: str | None = None
    user_id: str | None = None
    but: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """What one batch of purging did: `count` rows deleted, and where to go on (``None``: at the end)."""

    count: int
    go_on_after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How many rows a store has, and how many of them a purge would delete."""

    all: int
    over: int


class Store(Protocol):
    """The rows of all sessions. Every verb is atomic and raises `StoreUnavailableError` when it cannot be done."""

    def start(self, session: Session, *, keep: int) -> Sequence[Session]:
        """Add a session; end and return the user's longest unused living ones beyond `keep`."""

    def find(self, session_id: str) -> Session | None:
        """Return the session with this id, ended and expired ones included."""

    def list(self, user_id: str, *, now: datetime) -> Sequence[Session]:
        """Return the user's living sessions, newest use first."""

    def history(self, user_id: str) -> Sequence[Session]:
        """Return all sessions of the user that are known yet, those that are over included, newest use first."""

    def rotate(self, swap: Swap) -> Session | None:
        """Move the living session on if it holds what the swap expects, outside the quiet window; else ``None``."""

    def touch(self, session_id: str, use: Use, *, authenticated: bool = False) -> Session | None:
        """Note a use of a living session, maybe with a proof by password; else ``None``."""

    def rename(self, session_id: str, *, user_id: str, device: str | None, now: datetime) -> Session | None:
        """Give the device of a living session of this user another name, which is no use of it; else ``None``."""

    def set_claims(self, session_id: str, claims: Mapping[str, Any], *, now: datetime) -> Session | None:
        """Replace the claims of a living session, which is no use of it; else ``None``."""

    def end(self, ending: Ending) -> Sequence[Session]:
        """End living sessions; return those that this call has ended, as they are now."""

    def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        """Return the ids of the sessions ended after `moment`, and when each was."""

    def purge(self, *, now: datetime, after: str, examine: int) -> Purged:
        """Look at `examine` rows whose ids come after `after` and delete those that are over.

        An ended row stays until it would have expired: by then no access token of it is left.
        """

    def count(self, *, now: datetime) -> Counted:
        """Count the rows, and those that a purge would delete."""

    def clock(self) -> datetime | None:
        """Return the store's own time, which all machines share; ``None`` where it is this machine's clock."""


def ended(session: Session, ending: Ending) -> Session:
    """Return the session as this ending leaves it."""
    return replace(session, ended_at=ending.now, ended_reason=ending.reason)
