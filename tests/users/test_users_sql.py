"""Users in a SQL table, asked without HTTP."""

from dataclasses import replace

import pytest
from conftest import NOON
from flask import Flask
from hosts import services_of
from sqlalchemy import insert
from statements import statements

from flask_renewal.ground.errors import UsernameTakenError
from flask_renewal.identity.users.base import Account
from flask_renewal.identity.users.sql import LISTED_AT_ONCE, SQLUsers

ALICE = Account(id="1", username="Alice", password_hash="one", created_at=NOON)


@pytest.fixture
def users(host: Flask) -> SQLUsers:
    """Return the users of a host, of whom Alice is the only one."""
    users = services_of(host).users
    assert isinstance(users, SQLUsers)
    users.add(ALICE, key="alice", now=NOON)
    return users


def test_a_user_is_found_by_id_and_by_key_and_not_by_what_is_shown(users: SQLUsers) -> None:
    assert users.find("1") == users.find_by_name("alice") == ALICE
    assert users.find("alice") is users.find_by_name("Alice") is None


def test_of_two_users_with_one_key_the_first_stays(users: SQLUsers) -> None:
    with pytest.raises(UsernameTakenError):
        users.add(Account(id="2", username="ALICE", password_hash="two"), key="alice", now=NOON)
    assert (users.find_by_name("alice"), users.find("2")) == (ALICE, None)


@pytest.mark.parametrize(("read", "written"), [("one", True), ("another", False)])
def test_a_password_is_replaced_if_it_is_what_was_read(users: SQLUsers, read: str, written: bool) -> None:
    assert users.set_password_hash("1", "two", read=read) is written
    assert users.find("1") == replace(ALICE, password_hash="two" if written else "one")


def test_a_user_is_disabled_and_deleted_alone(users: SQLUsers) -> None:
    users.add(Account(id="2", username="bob", password_hash="two"), key="bob", now=NOON)
    users.disable("1", now=NOON)
    assert [users.find(each).disabled for each in ("1", "2")] == [True, False]  # type: ignore[union-attr]
    users.delete("1")
    assert [users.find(each) is None for each in ("1", "2")] == [True, False]


def test_of_two_users_with_one_hash_as_imported_ones_may_have_one_gets_a_password(users: SQLUsers) -> None:
    bob = users.add(Account(id="2", username="bob", password_hash="one"), key="bob", now=NOON)
    assert users.set_password_hash("1", "two", read="one")
    assert users.find("2") == bob


def test_a_user_is_enabled_alone(users: SQLUsers) -> None:
    users.add(Account(id="2", username="bob", password_hash="two"), key="bob", now=NOON)
    for each in ("1", "2"):
        users.disable(each, now=NOON)
    users.enable("1")
    assert [users.find(each).disabled for each in ("1", "2")] == [False, True]  # type: ignore[union-attr]


def test_users_are_listed_however_many_there_are_with_few_at_once(host: Flask, users: SQLUsers) -> None:
    numbers, model = range(2 * LISTED_AT_ONCE), host.extensions["sqlalchemy"].metadata.tables["host_user"]
    values = {"password_hash": "!", "created_at": NOON}
    some = [{"id": f"n{n}", "username": f"{n}", "username_key": f"{n:09}", **values} for n in numbers]
    with host.app_context():
        host.extensions["sqlalchemy"].session.execute(insert(model), some)
        host.extensions["sqlalchemy"].session.commit()
    with statements(host) as sent:
        assert [account.id for account in users.list()] == [*(f"n{number}" for number in numbers), "1"]
    assert len(sent) == 4
