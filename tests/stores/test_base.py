"""The values that stores keep and return."""

from datetime import timedelta

import pytest

from flask_renewal.stores.base import Ending, Use, ended
from flask_renewal.testing.store_suite.moves import NOW, a_session

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("idle", "absolute", "over"), [(1, 2, 1), (2, 1, 1), (1, None, 1)])
def test_a_session_is_over_at_the_earlier_of_its_ends(idle: int, absolute: int | None, over: int) -> None:
    end = None if absolute is None else NOW + absolute * HOUR
    assert a_session("one", idle_expires_at=NOW + idle * HOUR, expires_at=end).over_at == NOW + over * HOUR


@pytest.mark.parametrize(("remember", "idle"), [(True, 9 * HOUR), (False, HOUR)])
def test_a_use_prolongs_a_session_that_is_not_remembered_by_less(remember: bool, idle: timedelta) -> None:
    use = Use.at(NOW, idle=9 * HOUR, short_idle=HOUR)
    assert use.idle_for(a_session("one", remember=remember)) == NOW + idle


def test_an_ending_says_when_and_why() -> None:
    session = ended(a_session("one"), Ending(reason="logout", now=NOW, session_id="one"))
    assert (session.ended_at, session.ended_reason, session.id) == (NOW, "logout", "one")
