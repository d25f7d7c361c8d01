"""Names and addresses that anybody may send are counted in so many places, however many come."""

import pytest
from guessing import neighbour

from flask_renewal.ground.errors import InvalidCredentialsError, TooManyRequestsError
from flask_renewal.identity.users.slots import SLOTS, slot_of
from flask_renewal.identity.users.throttle import Throttle
from flask_renewal.settings import Settings


def test_a_name_has_one_place_and_few_share_it() -> None:
    names = [f"name {number}" for number in range(1000)]
    assert [slot_of(name) for name in names] == [slot_of(name) for name in names]
    assert len({slot_of(name) for name in names}) > 900


def test_there_are_no_more_places_than_there_are() -> None:
    places = {slot_of(str(number)) for number in range(4 * SLOTS)}
    assert len(places) <= SLOTS
    assert all(len(place) <= 5 for place in places)


def guess(throttle: Throttle, name: str, address: str) -> None:
    with pytest.raises(InvalidCredentialsError), throttle.sign_in(name, address=address, session_id=None):
        raise InvalidCredentialsError


def test_those_who_share_a_place_are_counted_together() -> None:
    throttle = Throttle(Settings.from_config({}), {})
    for number in range(10):
        guess(throttle, "alice", f"192.0.2.{number}")
    with pytest.raises(TooManyRequestsError), throttle.sign_in(neighbour("alice"), address="::", session_id=None):
        pass
    for number in range(10):
        guess(throttle, f"name {number}", "an address")
    with pytest.raises(TooManyRequestsError), throttle.sign_in("x", address=neighbour("an address"), session_id=None):
        pass
