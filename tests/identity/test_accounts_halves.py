"""What is written in two places: where the second cannot be, the first is taken back or does no harm alone."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from answers import away, rows
from conftest import PASSWORD, bearer
from engines import Redis
from flask import Flask
from flask.testing import FlaskClient
from pages_kit import register as register_by_form

from flask_renewal.ground.errors import UnknownUserError
from flask_renewal.testing.parts import services_of

NEW = "another staple horse battery"
ALICE = {"username": "alice", "password": PASSWORD}

Broken = Callable[..., AbstractContextManager[None]]


def change(client: FlaskClient, login: dict[str, Any]) -> int:
    content = {"current_password": PASSWORD, "new_password": NEW}
    return client.put("/auth/password", json=content, headers=bearer(login["access_token"])).status_code


def sign_in(client: FlaskClient, password: str = PASSWORD) -> int:
    return client.post("/auth/login", json={**ALICE, "password": password}).status_code


def fail_at(monkeypatch: pytest.MonkeyPatch, verb: str, app: Flask, *, call: int) -> None:
    """Let the store be away at one call of this verb, and at those that follow."""
    store, calls = services_of(app).store, iter(range(1, 1000))
    works = getattr(store, verb)

    def fails_at_last(*args: Any, **kwargs: Any) -> Any:
        return (away if next(calls) >= call else works)(*args, **kwargs)

    monkeypatch.setattr(store, verb, fails_at_last)


@pytest.mark.parametrize("call", [1, 2], ids=["before the new password is there", "after it"])
def test_a_change_whose_sessions_cannot_be_ended_has_not_happened(
    app: Flask, client: FlaskClient, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    thief = app.test_client()
    sign_in(thief)
    with monkeypatch.context() as broken:
        fail_at(broken, "end", app, call=call)
        assert change(client, login) == 503
    assert change(client, login) == 204
    assert thief.post("/auth/refresh").status_code == 401
    assert [sign_in(app.test_client(), password) for password in (PASSWORD, NEW)] == [401, 200]


def test_whoever_dies_once_the_new_password_is_there_has_ended_the_other_sessions(
    app: Flask, client: FlaskClient, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    thief, write = app.test_client(), services_of(app).users.set_password_hash
    sign_in(thief)
    with monkeypatch.context() as broken:
        broken.setattr(
            services_of(app).users, "set_password_hash", lambda *args, **read: sys.exit(write(*args, **read))
        )
        with pytest.raises(SystemExit):
            change(client, login)
    assert thief.post("/auth/refresh").status_code == 401
    assert [sign_in(app.test_client(), password) for password in (PASSWORD, NEW)] == [401, 200]


@pytest.mark.parametrize("verb", ["start", "end"], ids=["its session", "the end of the session before"])
def test_whoever_could_not_register_tries_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    client.post("/auth/register", json={**ALICE, "username": "before"})
    with monkeypatch.context() as broken:
        fail_at(broken, verb, app, call=1)
        assert client.post("/auth/register", json=ALICE).status_code == 503
    assert client.post("/auth/register", json=ALICE).status_code == 201
    assert client.post("/auth/register", json=ALICE).status_code == 409


def test_whoever_could_not_register_on_the_page_tries_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        fail_at(broken, "start", app, call=1)
        assert register_by_form(client, "alice").status_code == 503
    assert register_by_form(client, "alice").status_code == 303


def test_redis_that_refuses_writes_leaves_nothing_half_done(
    make_app: Callable[..., Flask], redis_server: Redis
) -> None:
    app = make_app(RENEWAL_STORE=redis_server.url)
    owner, thief = app.test_client(), app.test_client()
    login = owner.post("/auth/register", json=ALICE).get_json()
    sign_in(thief)
    redis_server.cli("config", "set", "min-replicas-to-write", "1")
    assert change(owner, login) == 503
    assert owner.post("/auth/register", json={**ALICE, "username": "bob"}).status_code == 503
    redis_server.cli("config", "set", "min-replicas-to-write", "0")
    assert change(owner, login) == 204
    assert owner.post("/auth/register", json={**ALICE, "username": "bob"}).status_code == 201
    assert thief.post("/auth/refresh").status_code == 401


@pytest.mark.usefixtures("login")
def test_nothing_is_left_of_a_sign_in_that_fails_after_its_session_was_written(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(services_of(app).users, "find", away)
        assert sign_in(app.test_client()) == 503
    assert rows(app, "SELECT ended_reason FROM renewal_session ORDER BY created_at, ended_reason") == [
        (None,),
        ("sign_in_refused",),
    ]


@pytest.mark.usefixtures("login")
def test_whose_sessions_could_not_be_ended_is_disabled_all_the_same(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), monkeypatch.context() as broken:
        fail_at(broken, "end", app, call=1)
        with pytest.raises(Exception, match="cannot be reached"):
            services_of(app).accounts.disable("alice")
    assert client.post("/auth/refresh").get_json()["code"] == "account_disabled"


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("half", ["the end of the sessions", "the row"])
def test_whose_account_could_not_be_deleted_is_let_in_no_more_and_can_be_deleted_then(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    services = services_of(app)
    with app.app_context(), monkeypatch.context() as broken:
        if half == "the row":
            broken.setattr(services.users, "delete", away)
        else:
            fail_at(broken, "end", app, call=1)
        with pytest.raises(Exception, match="cannot be reached"):
            services.accounts.delete("alice")
    assert (client.post("/auth/refresh").status_code, sign_in(app.test_client())) == (401, 401)
    services.accounts.delete("alice")
    assert rows(app, "SELECT count(*) FROM renewal_user") == [(0,)]


@pytest.mark.parametrize("call", [1, 2], ids=["before the new password is there", "after it"])
def test_a_reset_whose_sessions_cannot_be_ended_has_not_happened(
    app: Flask, client: FlaskClient, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    accounts, user_id = services_of(app).accounts, login["user"]["id"]
    with app.app_context(), monkeypatch.context() as broken:
        fail_at(broken, "end", app, call=call)
        with pytest.raises(Exception, match="cannot be reached"):
            accounts.set_password(user_id, NEW)
    assert [sign_in(app.test_client(), password) for password in (PASSWORD, NEW)] == [200, 401]
    assert accounts.set_password(user_id, NEW) > 0
    assert client.post("/auth/refresh").status_code == 401
    assert [sign_in(app.test_client(), password) for password in (PASSWORD, NEW)] == [401, 200]


def test_nobody_is_given_a_password_who_is_not_there(app: Flask) -> None:
    with app.app_context(), pytest.raises(UnknownUserError):
        services_of(app).accounts.set_password("nobody", NEW)


def test_a_reset_stands_above_a_change_that_comes_at_the_same_time(
    app: Flask, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    services, user_id = services_of(app), login["user"]["id"]
    write, changes = services.users.set_password_hash, iter(["by another hand"])

    def write_second(user: str, password_hash: str, *, read: str) -> bool:
        for change in changes:
            write(user, change, read=read)
        return write(user, password_hash, read=read)

    monkeypatch.setattr(services.users, "set_password_hash", write_second)
    services.accounts.set_password(user_id, NEW)
    assert sign_in(app.test_client(), NEW) == 200
