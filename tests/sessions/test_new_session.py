"""What a session is when it starts: its ends, its one token, its age."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from conftest import NOON

from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.sessions.grants import Origin, Terms
from flask_renewal.identity.sessions.new_session import new_session
from flask_renewal.identity.users.people import Person
from flask_renewal.settings import Settings
from flask_renewal.stores.base import Session

ALICE = Person(id="alice")
DAY = timedelta(days=1)


def started(person: Person = ALICE, *, remember: bool = True, fresh: bool = True, **config: Any) -> Session:
    settings = Settings.from_config(config)
    return new_session(person, Origin(remember=remember), Terms(fresh=fresh), settings, Ambient(now=lambda: NOON))


@pytest.mark.parametrize(
    ("config", "idle", "absolute"),
    [
        ({}, 7 * DAY, 30 * DAY),
        ({"RENEWAL_SESSION_LIFETIME": None}, 7 * DAY, None),
        ({"RENEWAL_SLIDING": False}, 7 * DAY, 7 * DAY),
        ({"RENEWAL_SLIDING": False, "RENEWAL_SESSION_LIFETIME": 86400}, 7 * DAY, DAY),
        ({"RENEWAL_SLIDING": False, "RENEWAL_SESSION_LIFETIME": None}, 7 * DAY, 7 * DAY),
        ({"remember": False}, DAY / 2, 30 * DAY),
    ],
    ids=str,
)
def test_when_a_session_ends(config: dict[str, Any], idle: timedelta, absolute: timedelta | None) -> None:
    session = started(**config)
    assert session.idle_expires_at == NOON + idle
    assert session.expires_at == (None if absolute is None else NOON + absolute)


def test_a_session_starts_with_one_token_that_nobody_has_used() -> None:
    session = started()
    assert (session.superseded, session.current, session.ended_at) == (None, None, None)
    assert session.next != session.id


@pytest.mark.parametrize("noted", [None, NOON - DAY, NOON + DAY])
def test_a_session_is_no_older_than_its_user(noted: datetime | None) -> None:
    session = started(Person(id="alice", created_at=noted))
    assert session.created_at == max(NOON, noted or NOON)
    assert session.last_used_at == session.authenticated_at == NOON


def test_a_session_without_a_proof_counts_as_proved_long_ago() -> None:
    assert started(fresh=False).authenticated_at < NOON - 1000 * DAY


@pytest.mark.parametrize(("lifetime", "absolute"), [(DAY, DAY / 24), (DAY / 48, DAY / 48)], ids=str)
def test_who_acts_for_somebody_else_does_so_for_an_hour_at_most(lifetime: timedelta, absolute: timedelta) -> None:
    terms = Terms(fresh=False, claims={"act": {"sub": "admin"}})
    settings = Settings.from_config({"RENEWAL_SESSION_LIFETIME": lifetime})
    session = new_session(ALICE, Origin(), terms, settings, Ambient(now=lambda: NOON))
    assert session.expires_at == NOON + absolute
