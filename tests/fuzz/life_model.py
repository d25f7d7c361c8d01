"""What ought to become of sessions, told a second time and in the plainest way, to hold the application to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=60)
IDLE = timedelta(days=7)
LIFETIME = timedelta(days=30)
ACCESS_SECONDS = 900
RENEWABLE_SECONDS = 3600


@dataclass(eq=False)
class Life:
    """One session, from a sign-in to its end."""

    id: str
    user: "Somebody"
    began: datetime
    next: str
    current: str = ""
    superseded: str = ""
    rotated_at: datetime = datetime.min
    device: str | None = None
    ended: str | None = None
    """The reason."""
    idle_at: datetime = field(init=False)
    tokens: list[str] = field(init=False)
    """All refresh tokens that were ever handed out."""

    def __post_init__(self) -> None:
        self.rotated_at = self.began - timedelta(days=1000)
        self.idle_at = self.began + IDLE
        self.tokens = [self.next]

    def is_over_by_time(self, now: datetime) -> bool:
        return now >= self.idle_at or now >= self.began + LIFETIME

    def lives(self, now: datetime) -> bool:
        return self.ended is None and not self.is_over_by_time(now)

    def end(self, reason: str) -> None:
        self.ended = self.ended or reason

    def is_used(self, now: datetime) -> None:
        self.idle_at = now + IDLE

    def verdict(self, token: str, now: datetime) -> str:
        if not self.lives(now):
            return "over"
        if token not in (self.next, self.current, self.superseded):
            return "reuse"
        if now - self.rotated_at <= WINDOW:
            return "quiet"
        return {self.next: "rotate", self.current: "replace", self.superseded: "reuse"}[token]

    def go_on(self, verdict: str, fresh: str, now: datetime) -> None:
        """Note that another token was handed out."""
        if verdict == "rotate":
            self.superseded, self.current = self.current, self.next
        else:
            self.superseded = self.next
        self.next, self.rotated_at = fresh, now
        self.tokens.append(fresh)
        self.is_used(now)

    def refusals(self, now: datetime) -> set[tuple[str, str | None]]:
        """Return with which codes and reasons a refresh of what is over may be refused.

        What has run out is deleted some time, and then nobody knows any more how it ended.
        """
        told = set()
        if self.ended == "account_disabled":
            told.add(("account_disabled", None))
        elif self.ended is not None:
            told.add(("session_ended", self.ended))
        if self.is_over_by_time(now):
            told.add(("session_expired", None))
        return told


@dataclass(eq=False)
class Somebody:
    """A user with a password."""

    name: str
    password: str
    is_disabled: bool = False
    lives: list[Life] = field(default_factory=list)

    def living(self, now: datetime) -> list[Life]:
        return [life for life in self.lives if life.lives(now)]

    def end_all(self, reason: str, now: datetime, *, but: Life | None = None) -> int:
        ended = [life for life in self.living(now) if life is not but]
        for life in ended:
            life.end(reason)
        return len(ended)


@dataclass(eq=False)
class Browser:
    """What one browser holds: the newest that reached it."""

    life: Life
    refresh: str
    access: str
    issued: float
    until: float
    renewable_until: float

    def may_enter(self, now: datetime) -> str:
        """Return with which code a guarded route refuses the access token; nothing if it lets it in."""
        if now.timestamp() >= self.until:
            return "token_expired"
        return "" if self.life.ended is None else "session_ended"

    def is_due(self, now: datetime) -> bool:
        """Say whether little of the access token's life is left, and it may still be renewed without a proof."""
        moment = now.timestamp()
        return moment > self.until - (self.until - self.issued) / 3 and moment < self.renewable_until
