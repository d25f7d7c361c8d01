"""What the outside sees of a session and a user: no more than this."""

from datetime import timedelta

from conftest import NOON

from flask_renewal.identity.sessions.public import session_json, user_json
from flask_renewal.testing.store_suite.moves import a_session


def test_a_session_is_told_without_what_it_hangs_on() -> None:
    session = a_session("one", created_at=NOON + timedelta(microseconds=999_999), expires_at=None)
    told = session_json(session, current_id=None)
    assert set(told) == {
        *("id", "device", "user_agent", "created_at", "last_used_at", "idle_expires_at", "expires_at", "current")
    }
    assert (told["created_at"], told["expires_at"]) == ("2026-01-01T12:00:00Z", None)


def test_a_session_is_over_at_the_earlier_of_its_ends() -> None:
    session = a_session("one", idle_expires_at=NOON + timedelta(days=2), expires_at=NOON + timedelta(days=1))
    told = session_json(session, current_id=None)
    assert told["idle_expires_at"] == told["expires_at"] == "2026-01-02T12:00:00Z"


def test_the_session_of_whoever_asks_is_marked() -> None:
    assert [session_json(a_session("one"), current_id=each)["current"] for each in ("one", "two", None)] == [
        True,
        False,
        False,
    ]


def test_a_user_is_an_id_and_a_name_if_there_is_one() -> None:
    assert user_json("1", "alice") == {"id": "1", "username": "alice"}
    assert user_json("1", None) == {"id": "1"}
