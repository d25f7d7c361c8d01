"""Where attempts come from: what may not hold up others is told, and forgotten when it does no more."""

import pytest

from flask_renewal.identity.users.hashing import Hashing
from flask_renewal.identity.users.throttle import Throttle
from flask_renewal.settings import Settings

ADDRESS = "192.0.2.1"


def sources(throttle: Throttle) -> list[str | None]:
    """Return the sources of a sign-in, of a confirmation and of a registration."""
    with throttle.sign_in("alice", address=ADDRESS, session_id=None) as signing_in:
        pass
    with throttle.confirmation("session", address=ADDRESS) as confirming:
        pass
    return [signing_in, confirming, throttle.count_registration(ADDRESS)]


@pytest.mark.parametrize(
    ("config", "told"),
    [({}, [ADDRESS, "session", ADDRESS]), ({"RATELIMIT_ENABLED": False}, [None, None, None])],
    ids=["limited", "without limits, where one may hold up all others"],
)
def test_a_source_is_told_where_there_are_limits(config: dict[str, bool], told: list[str | None]) -> None:
    assert sources(Throttle(Settings.from_config({}), config)) == told


def test_a_source_is_forgotten_when_it_holds_no_place() -> None:
    hashing = Hashing()
    for number in range(100):
        with hashing.place(f"192.0.2.{number}"):
            assert len(hashing._line().of) == 1
    assert (hashing._line().inside, dict(hashing._line().of)) == (0, {})
