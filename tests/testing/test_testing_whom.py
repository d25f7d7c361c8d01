"""Whom the kit signs in: by name, by id, by the host's own object, in both kinds of host."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from conftest import NOON, PASSWORD, Clock
from flask import Flask
from forging import claims_of
from hosts import services_of, sign_in
from id_columns import COLUMNS, host
from proving_hosts import Member, ProvingHost
from sqlalchemy import text

from flask_renewal.testing import RenewalClient

KINDS = ("text", "whole numbers", "UUIDs", "UUIDs that are text in Python")


@pytest.fixture(params=KINDS)
def stored(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> tuple[Flask, Any]:
    """Return a host with an object of its model, which the session that it came of has left behind."""
    app = host(tmp_path, "sqlite:///host.db", COLUMNS[request.param], clock)
    RenewalClient(app).login("alice")
    with app.app_context():
        user = services_of(app).users.load(services_of(app).users.find_by_name("alice").id)  # type: ignore[union-attr]
        app.extensions["sqlalchemy"].session.commit()
    return app, user


def test_an_object_signs_in_though_the_session_it_came_of_is_over(stored: tuple[Flask, Any]) -> None:
    app, user = stored
    client = RenewalClient(app).login(user)
    assert client.username == "alice"
    client.assert_signed_in(user)


def test_an_id_signs_in_as_the_column_has_it_and_as_text(stored: tuple[Flask, Any]) -> None:
    app, user = stored
    user_id = services_of(app).users.find_by_name("alice").id  # type: ignore[union-attr]
    with app.app_context():
        app.extensions["sqlalchemy"].session.add(user)
        as_it_is = user.id
    for each in (user_id, as_it_is):
        RenewalClient(app).login(each).assert_signed_in("alice")
    assert len(services_of(app).sessions.list(user_id)) == 3


def test_an_object_signs_in_by_its_password_too(app: Flask) -> None:
    app.test_client().post("/auth/register", json={"username": "alice", "password": PASSWORD})
    account = services_of(app).users.find_by_name("alice")
    RenewalClient(app).login(account, PASSWORD).assert_signed_in("alice")


@pytest.mark.parametrize("user", [7, UUID(int=7), SimpleNamespace(id="7")], ids=["number", "UUID", "object"])
def test_an_id_that_nobody_has_is_said_with_what_may_have_been_forgotten(app: Flask, user: object) -> None:
    for password in (None, PASSWORD):
        with pytest.raises(LookupError, match=r"There is no user .*7.*; commit what the test has added"):
            RenewalClient(app).login(user, password)


def test_what_has_no_id_is_told_so(app: Flask) -> None:
    with pytest.raises(LookupError, match="has no id; give login"):
        RenewalClient(app).login(SimpleNamespace(name="alice"))


@pytest.fixture
def proving(tmp_path: Path, clock: Clock) -> ProvingHost:
    return ProvingHost(tmp_path, clock)


@pytest.mark.parametrize(
    ("user", "user_id"),
    [
        ("7", "7"),
        (7, "7"),
        (UUID(int=7), str(UUID(int=7))),
        (Member("7", "alice"), "7"),
        (SimpleNamespace(get_id=lambda: "7"), "7"),
    ],
    ids=["text", "number", "UUID", "object", "object of Flask-Login's kind"],
)
def test_where_the_host_proves_who_people_are_its_people_sign_in(
    proving: ProvingHost, user: object, user_id: str
) -> None:
    proving.add(user_id)
    client = RenewalClient(proving.app).login(user)
    client.clock.tick(minutes=16)
    assert client.fetch("/own").json == {"id": user_id}
    client.assert_signed_in(user)
    assert client.second_device().get("/own").status_code == 200


def test_nor_need_they_be_known_where_no_loader_is(tmp_path: Path, clock: Clock) -> None:
    client = RenewalClient(ProvingHost(tmp_path, clock, loads=False).app).login(7)
    client.assert_signed_in("7")
    assert client.username is None


@pytest.mark.parametrize("known", [True, False], ids=["inactive", "unknown"])
def test_whoever_may_not_go_on_does_not_sign_in(proving: ProvingHost, known: bool) -> None:
    if known:
        proving.add("7", is_active=False)
    with pytest.raises(AssertionError, match="7 cannot sign in: user_loader finds nobody who is active"):
        RenewalClient(proving.app).login(7)


def test_where_no_password_is_taken_the_kit_says_what_to_do(proving: ProvingHost) -> None:
    with pytest.raises(AssertionError, match=r"no password is taken; call login\(user\)"):
        RenewalClient(proving.app).login("7", PASSWORD)


def test_a_session_that_ends_there_says_whose_it_was(proving: ProvingHost) -> None:
    client = RenewalClient(proving.app).login(proving.add("7", "carol"))
    client.assert_signed_in("carol")
    proving.members.clear()
    with pytest.raises(AssertionError, match="carol is not signed in: account_disabled"):
        client.assert_signed_in()


def test_a_hosts_own_sign_in_is_taken_over(proving: ProvingHost) -> None:
    proving.add("7")
    grant = proving.start()
    answer = {"access_token": grant.access_token, "session": {"id": grant.session.id}, "user": {"id": "7"}}
    proving.app.add_url_rule("/sso", "/sso", view_func=lambda: answer)
    client = RenewalClient(proving.app)
    client.get("/sso")
    assert client.get("/own").json == {"id": "7"}


def test_a_token_that_is_set_by_hand_is_renewed(proving: ProvingHost) -> None:
    proving.add("7")
    client = RenewalClient(proving.app)
    client.access_token = before = proving.start().access_token
    client.clock.tick(minutes=12)
    assert client.get("/own").status_code == 200
    assert client.access_token != before


@pytest.mark.parametrize(
    "whom",
    [lambda app: "alice", lambda app: services_of(app).users.find_by_name("alice")],
    ids=["by name", "by object"],
)
def test_a_suite_that_holds_a_context_open_signs_in_what_it_has_committed(
    adopt: Callable[..., Flask], whom: Callable[[Flask], object]
) -> None:
    app = adopt()
    with app.app_context():
        sign_in(app)
        app.extensions["sqlalchemy"].session.execute(text("SELECT * FROM host_user")).all()
        RenewalClient(app).login(whom(app)).assert_signed_in("alice")
        app.extensions["sqlalchemy"].session.execute(text("UPDATE host_user SET created_at = :now"), {"now": NOON})
        app.extensions["sqlalchemy"].session.commit()
        RenewalClient(app).login(whom(app)).assert_signed_in("alice")


def test_a_session_has_the_claims_that_the_test_gives_it(app: Flask) -> None:
    client = RenewalClient(app).login("alice", claims={"org": "acme"})
    for _ in range(2):
        assert claims_of(client.access_token or "")["org"] == "acme"
        client.refresh()
