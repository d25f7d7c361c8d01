"""Whose a session is: of the user whom it was started for, and not of whoever has the same id later."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from answers import assert_problem, rows
from conftest import NOON, PASSWORD, Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from flask_renewal.identity.users.base import Account
from flask_renewal.standalone.models import db


def joined(app: Flask, moment: datetime) -> None:
    """Write when every user was created."""
    with app.app_context():
        db.session.execute(text("UPDATE renewal_user SET created_at = :at"), {"at": moment.replace(tzinfo=None)})
        db.session.commit()


def test_a_session_is_not_of_a_user_who_came_later(app: Flask, client: FlaskClient, login: dict[str, Any]) -> None:
    joined(app, NOON + timedelta(seconds=1))
    assert_problem(client.get("/auth/me", headers=bearer(login["access_token"])), 401, "session_ended")
    assert_problem(client.post("/auth/refresh"), 401, "account_disabled")
    assert rows(app, "SELECT count(*) FROM renewal_session WHERE ended_at IS NULL") == [(0,)]


@pytest.mark.usefixtures("login")
def test_a_clock_of_the_hosts_that_is_ahead_signs_nobody_out(app: Flask, client: FlaskClient, clock: Clock) -> None:
    joined(app, NOON + timedelta(hours=8))
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    for _ in range(2):
        clock.tick(minutes=2)
        assert client.post("/auth/refresh").status_code == 200


@pytest.mark.parametrize(
    ("created_at", "existed"),
    [
        (None, True),
        (NOON, True),
        (NOON - timedelta(seconds=1), True),
        (NOON + timedelta(microseconds=1), False),
        (NOON.replace(tzinfo=None), True),
        (NOON.replace(tzinfo=None, microsecond=1), False),
        (NOON.astimezone(timezone(timedelta(hours=8))), True),
    ],
    ids=str,
)
def test_a_user_existed_from_the_moment_of_being_created(created_at: datetime | None, existed: bool) -> None:
    account = Account(id="1", username="alice", password_hash="!", created_at=created_at)
    assert account.existed(NOON) is existed
