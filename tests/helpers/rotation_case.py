"""One case of the rotation rule: a row, a token that is presented to it, and what becomes of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from flask_renewal.rotation import Chain, Verdict

NOW = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
WINDOW = timedelta(seconds=60)
INSTANT = timedelta(microseconds=1)
PAST = WINDOW + INSTANT
DAY = timedelta(days=1)
IDLE_EXPIRES_AT = NOW + 14 * DAY
"""When the session ends of idleness, once this refresh has moved it on."""
FRESH = "fresh"

Ids = tuple[str | None, str | None, str]
"""Superseded, current, next."""

AT_LOGIN: Ids = (None, None, "one")
ROTATED_ONCE: Ids = (None, "one", "two")
ROTATED: Ids = ("one", "two", "three")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One presented token and what becomes of it."""

    name: str
    ids: Ids = ROTATED
    presents: str
    since_rotation: timedelta
    verdict: Verdict
    becomes: Ids | None = None
    """`None`: the row keeps its ids and its `rotated_at`."""
    ended: bool = False
    idle_left: timedelta = DAY
    absolute_left: timedelta | None = None

    @property
    def before(self) -> Chain:
        """The row that the token is presented to, at `NOW`."""
        superseded, current, next_id = self.ids
        return Chain(
            superseded=superseded,
            current=current,
            next=next_id,
            rotated_at=NOW - self.since_rotation,
            idle_expires_at=NOW + self.idle_left,
            expires_at=None if self.absolute_left is None else NOW + self.absolute_left,
            ended_at=NOW - timedelta(hours=1) if self.ended else None,
        )

    @property
    def after(self) -> Chain:
        """The row as the rule leaves it; that the session of a reused token is ended comes on top."""
        before = self.before
        if self.becomes is None:
            return before
        superseded, current, next_id = self.becomes
        return Chain(
            superseded=superseded,
            current=current,
            next=next_id,
            rotated_at=NOW,
            idle_expires_at=IDLE_EXPIRES_AT,
            expires_at=before.expires_at,
        )
