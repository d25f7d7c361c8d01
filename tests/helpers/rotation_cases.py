"""The rotation rule as one table of cases: the same for the pure function and for every store.

A row that has rotated twice or more remembers ``("one", "two", "three")``: superseded, current and next. A case
presents one token id to a row at one moment, and says the verdict and which three ids the row remembers afterwards.
"""

from collections.abc import Sequence
from datetime import timedelta

from rotation_case import AT_LOGIN, DAY, FRESH, INSTANT, PAST, ROTATED_ONCE, WINDOW, Case

from flask_renewal.rotation import Verdict

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
