"""The rotation rule as one table of cases: the same for the pure function and for every store.

A row that has rotated twice or more remembers ``("one", "two", "three")``: superseded, current and next. A case
presents one token id to a row at one moment, and says the verdict and which three ids the row remembers afterwards.
"""

from collections.abc import Sequence
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


CASES: Sequence[Case] = (
    # The newest token.
    Case(
        name="the first token of a login rotates",
        ids=AT_LOGIN,
        presents="one",
        since_rotation=400 * DAY,
        verdict=Verdict.ROTATE,
        becomes=(None, "one", FRESH),
    ),
    Case(
        name="the newest token rotates after the window",
        presents="three",
        since_rotation=DAY,
        verdict=Verdict.ROTATE,
        becomes=("two", "three", FRESH),
    ),
    Case(
        name="the newest token rotates one microsecond after the window",
        presents="three",
        since_rotation=PAST,
        verdict=Verdict.ROTATE,
        becomes=("two", "three", FRESH),
    ),
    Case(
        name="the newest token is quiet at the very end of the window",
        presents="three",
        since_rotation=WINDOW,
        verdict=Verdict.QUIET,
    ),
    Case(
        name="the newest token is quiet at the moment of the rotation",
        presents="three",
        since_rotation=timedelta(0),
        verdict=Verdict.QUIET,
    ),
    Case(
        name="the newest token is quiet on a server whose clock is behind",
        presents="three",
        since_rotation=-INSTANT,
        verdict=Verdict.QUIET,
    ),
    # The token before it, whose successor has not been seen.
    Case(
        name="the current token gets another successor after the window",
        presents="two",
        since_rotation=DAY,
        verdict=Verdict.REPLACE,
        becomes=("three", "two", FRESH),
    ),
    Case(
        name="the current token gets another successor one microsecond after the window",
        presents="two",
        since_rotation=PAST,
        verdict=Verdict.REPLACE,
        becomes=("three", "two", FRESH),
    ),
    Case(
        name="the token of a login gets another successor when the first one was lost",
        ids=ROTATED_ONCE,
        presents="one",
        since_rotation=PAST,
        verdict=Verdict.REPLACE,
        becomes=("two", "one", FRESH),
    ),
    Case(
        name="the current token gets another successor a year later",
        presents="two",
        since_rotation=365 * DAY,
        verdict=Verdict.REPLACE,
        becomes=("three", "two", FRESH),
    ),
    Case(
        name="the current token is quiet at the very end of the window",
        presents="two",
        since_rotation=WINDOW,
        verdict=Verdict.QUIET,
    ),
    Case(
        name="the current token is quiet at the moment of the rotation",
        presents="two",
        since_rotation=timedelta(0),
        verdict=Verdict.QUIET,
    ),
    # The token before that.
    Case(
        name="the superseded token is quiet at the very end of the window",
        presents="one",
        since_rotation=WINDOW,
        verdict=Verdict.QUIET,
    ),
    Case(
        name="the superseded token is reuse one microsecond after the window",
        presents="one",
        since_rotation=PAST,
        verdict=Verdict.REUSE,
    ),
    Case(
        name="the superseded token is reuse a year later",
        presents="one",
        since_rotation=365 * DAY,
        verdict=Verdict.REUSE,
    ),
    Case(
        name="a successor that was given up for lost is quiet within the window",
        ids=("lost", "two", "three"),
        presents="lost",
        since_rotation=WINDOW,
        verdict=Verdict.QUIET,
    ),
    Case(
        name="a successor that was given up for lost is reuse after the window",
        ids=("lost", "two", "three"),
        presents="lost",
        since_rotation=PAST,
        verdict=Verdict.REUSE,
    ),
    # A token of this session that the row has forgotten.
    Case(
        name="a forgotten token is reuse within the window",
        presents="forgotten",
        since_rotation=timedelta(0),
        verdict=Verdict.REUSE,
    ),
    Case(
        name="a forgotten token is reuse after the window",
        presents="forgotten",
        since_rotation=DAY,
        verdict=Verdict.REUSE,
    ),
    Case(
        name="a forgotten token is reuse while nothing has rotated yet",
        ids=AT_LOGIN,
        presents="forgotten",
        since_rotation=400 * DAY,
        verdict=Verdict.REUSE,
    ),
    # Sessions that are over.
    Case(
        name="the newest token of an ended session is ended",
        presents="three",
        since_rotation=DAY,
        ended=True,
        verdict=Verdict.ENDED,
    ),
    Case(
        name="an ended session is ended within the window too",
        presents="two",
        since_rotation=timedelta(0),
        ended=True,
        verdict=Verdict.ENDED,
    ),
    Case(
        name="a forgotten token of an ended session is ended and not reuse again",
        presents="forgotten",
        since_rotation=DAY,
        ended=True,
        verdict=Verdict.ENDED,
    ),
    Case(
        name="a session that both ended and expired is ended",
        presents="three",
        since_rotation=DAY,
        ended=True,
        idle_left=-DAY,
        absolute_left=-DAY,
        verdict=Verdict.ENDED,
    ),
    Case(
        name="the newest token of an idle session is expired",
        presents="three",
        since_rotation=DAY,
        idle_left=-DAY,
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="an idle session is expired at exactly its end",
        presents="three",
        since_rotation=DAY,
        idle_left=timedelta(0),
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="an idle session is alive one microsecond before its end",
        presents="three",
        since_rotation=DAY,
        idle_left=INSTANT,
        verdict=Verdict.ROTATE,
        becomes=("two", "three", FRESH),
    ),
    Case(
        name="a session is expired at exactly its absolute end",
        presents="three",
        since_rotation=DAY,
        absolute_left=timedelta(0),
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="a session is alive one microsecond before its absolute end",
        presents="three",
        since_rotation=DAY,
        absolute_left=INSTANT,
        verdict=Verdict.ROTATE,
        becomes=("two", "three", FRESH),
    ),
    Case(
        name="a lost successor is replaced one microsecond before the absolute end",
        presents="two",
        since_rotation=DAY,
        absolute_left=INSTANT,
        verdict=Verdict.REPLACE,
        becomes=("three", "two", FRESH),
    ),
    Case(
        name="the current token of an expired session is expired",
        presents="two",
        since_rotation=DAY,
        idle_left=-INSTANT,
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="a session is expired within the window too",
        presents="two",
        since_rotation=timedelta(0),
        absolute_left=timedelta(0),
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="a forgotten token of an expired session is expired and not reuse",
        presents="forgotten",
        since_rotation=DAY,
        idle_left=timedelta(0),
        verdict=Verdict.EXPIRED,
    ),
)
