"""What is under way while a password is changed or a user disabled: nothing of it outlives that.

Each moment between two steps of a sign-in is held while the other goes on, with sessions in SQL and in Redis.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from answers import assert_problem
from argon2 import PasswordHasher
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from held_users import Gate, HeldUsers, host_with_held_users
from werkzeug.test import TestResponse

from flask_renewal.ground import events
from flask_renewal.testing.parts import services_of

NEW = "another staple horse battery"
OLD_HASH = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)


@dataclass
class Person:
    """Somebody with a browser."""

    client: FlaskClient
    access_token: str = ""

    def sign_in(self, password: str = PASSWORD, *, path: str = "login") -> TestResponse:
        response = self.client.post(f"/auth/{path}", json={"username": "alice", "password": password})
        self.access_token = response.get_json().get("access_token", "")
        return response

    def change(self, new: str = NEW) -> TestResponse:
        content = {"current_password": PASSWORD, "new_password": new}
        return self.client.put("/auth/password", json=content, headers=bearer(self.access_token))

    def confirm(self) -> TestResponse:
        return self.client.post("/auth/confirm", json={"password": PASSWORD}, headers=bearer(self.access_token))

    def refresh(self) -> TestResponse:
        return self.client.post("/auth/refresh")


@pytest.fixture(params=["sessions in SQL", "sessions in Redis"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Flask, HeldUsers]:
    config: dict[str, Any] = {}
    if request.param == "sessions in Redis":
        server = request.getfixturevalue("redis_server")
        config["RENEWAL_STORE"] = server.url
    return host_with_held_users(tmp_path, **config)


@pytest.fixture
def app(host: tuple[Flask, HeldUsers]) -> Flask:
    return host[0]


@pytest.fixture
def users(host: tuple[Flask, HeldUsers]) -> HeldUsers:
    return host[1]


@pytest.fixture
def owner(app: Flask) -> Person:
    owner = Person(app.test_client())
    assert owner.sign_in(path="register").status_code == 201
    return owner


@pytest.fixture
def other(app: Flask) -> Person:
    return Person(app.test_client())


MOMENTS = {
    "when the hash was read": (Gate(method="find_by_name", after=True), 401),
    "when the session has started": (Gate(method="find"), 401),
    "when the account was looked at again": (Gate(method="find", after=True), 200),
}


@pytest.fixture(params=MOMENTS.values(), ids=MOMENTS)
def moment(request: pytest.FixtureRequest) -> tuple[Gate, int]:
    gate, status = request.param
    return Gate(method=gate.method, after=gate.after), status


def test_a_sign_in_does_not_outlive_a_change(
    users: HeldUsers, owner: Person, other: Person, moment: tuple[Gate, int]
) -> None:
    gate, status = moment
    with users.while_held(gate, other.sign_in) as answer:
        assert owner.change().status_code == 204
    assert answer.result().status_code == status
    assert other.refresh().status_code == 401
    assert owner.refresh().status_code == 200


def test_a_sign_in_does_not_outlive_a_disabling(
    app: Flask, users: HeldUsers, owner: Person, other: Person, moment: tuple[Gate, int]
) -> None:
    gate, status = moment
    with users.while_held(gate, other.sign_in) as answer, app.app_context():
        services_of(app).accounts.disable("alice")
    assert answer.result().status_code == status
    assert [person.refresh().status_code for person in (other, owner)] == [401, 401]


def test_nothing_is_left_of_a_sign_in_that_came_too_late(
    app: Flask, users: HeldUsers, owner: Person, other: Person
) -> None:
    failed: list[Any] = []
    with events.login_failed.connected_to(lambda _, **facts: failed.append(facts), app):
        with users.while_held(Gate(method="find"), other.sign_in) as answer:
            owner.change()
        assert_problem(answer.result(), 401, "invalid_credentials")
    me = owner.client.get("/auth/me", headers=bearer(owner.access_token)).get_json()
    assert failed == [{"user_id": me["user"]["id"]}]
    assert "Set-Cookie" not in answer.result().headers
    (only,) = owner.client.get("/auth/sessions", headers=bearer(owner.access_token)).get_json()["sessions"]
    assert only["current"]


def test_a_confirmation_does_not_outlive_a_change(users: HeldUsers, owner: Person, other: Person) -> None:
    other.sign_in()
    with users.while_held(Gate(method="find", passing=1), owner.confirm) as answer:
        assert other.change().status_code == 204
    assert_problem(answer.result(), 401, "invalid_credentials")


def test_of_two_changes_one_succeeds(users: HeldUsers, owner: Person, other: Person) -> None:
    other.sign_in()
    late = partial(owner.change, "yet another long password")
    with users.while_held(Gate(method="find", after=True, passing=1), late) as answer:
        assert other.change().status_code == 204
    assert_problem(answer.result(), 401, "invalid_credentials")
    assert other.sign_in(NEW).status_code == 200


def test_who_signs_in_just_before_the_new_password_counts_is_signed_out(
    users: HeldUsers, owner: Person, other: Person
) -> None:
    with users.while_held(Gate(method="set_password_hash"), owner.change) as answer:
        assert other.sign_in().status_code == 200
    assert answer.result().status_code == 204
    assert other.refresh().status_code == 401


def test_an_ended_session_changes_nothing(users: HeldUsers, owner: Person, other: Person) -> None:
    other.sign_in()
    with users.while_held(Gate(method="find", after=True), owner.change) as answer:
        assert other.change().status_code == 204
    assert_problem(answer.result(), 401, "session_ended")
    assert other.refresh().status_code == 200


@pytest.fixture
def imported(app: Flask, users: HeldUsers, owner: Person) -> None:
    """Give the owner a hash of before an import."""
    with app.app_context():
        account = users.find_by_name("alice")
        assert users.set_password_hash(account.id, OLD_HASH, read=account.password_hash)


@pytest.mark.usefixtures("imported")
def test_replacing_an_old_hash_does_not_undo_a_change(users: HeldUsers, owner: Person, other: Person) -> None:
    with users.while_held(Gate(method="set_password_hash"), other.sign_in) as answer:
        assert owner.change().status_code == 204
    assert_problem(answer.result(), 401, "invalid_credentials")
    assert other.sign_in(PASSWORD).status_code == 401
    assert other.sign_in(NEW).status_code == 200


@pytest.mark.usefixtures("imported")
def test_who_is_deleted_while_an_old_hash_is_replaced_is_not_let_in(
    app: Flask, users: HeldUsers, other: Person
) -> None:
    with users.while_held(Gate(method="set_password_hash"), other.sign_in) as answer, app.app_context():
        services_of(app).accounts.delete("alice")
    assert_problem(answer.result(), 401, "invalid_credentials")


@pytest.mark.usefixtures("imported")
def test_of_two_who_replace_an_old_hash_both_sign_in(users: HeldUsers, owner: Person, other: Person) -> None:
    with users.while_held(Gate(method="set_password_hash"), other.sign_in) as answer:
        assert owner.sign_in().status_code == 200
    assert answer.result().status_code == 200
    assert other.refresh().status_code == 200
