"""Each use case that writes two things, with a database that fails at each of its statements in turn.

It fails before a statement or after it, once or from then on, so that what would be taken back cannot be either. What
must hold then stands beside each; and once the database is back, to try again works.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

import pytest
from answers import COOKIE, rows
from conftest import PASSWORD
from failing_statements import MOMENTS, failing
from flask import Flask

from flask_renewal.ground.errors import RenewalError
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.identity.users.base import Account
from flask_renewal.identity.users.passwords import Passwords
from flask_renewal.testing.parts import services_of

NEW = "another staple horse battery"
MOST = 2


@dataclass
class Somebody:
    """A user with two sessions, one of them a thief's."""

    app: Flask
    name: str
    password: str = PASSWORD
    clients: list[Any] = field(default_factory=list)

    def signs_in(self, password: str) -> bool:
        content = {"username": self.name, "password": password}
        status = self.app.test_client().post("/auth/login", json=content).status_code
        assert status in (200, 401)
        return bool(status == 200)

    def is_in(self, client: Any) -> bool:
        return bool(client.post("/auth/refresh").status_code == 200)


@cache
def hashed() -> str:
    """Return what is stored for `PASSWORD`; to hash it for each of some hundred users takes half of the time."""
    return Passwords().hash(PASSWORD)


def registered(app: Flask, name: str) -> Somebody:
    somebody, services = Somebody(app, name, clients=[app.test_client(), app.test_client()]), services_of(app)
    with app.app_context():
        account = Account(id=f"id-of-{name}", username=name, password_hash=hashed())
        account = services.users.add(account, key=name, now=services.ambient.now())
        for client in somebody.clients:
            client.set_cookie(COOKIE, services.sessions.start(account, Origin()).refresh_token)
    return somebody


def asks(client: Any, method: str, path: str, **content: Any) -> int:
    return int(getattr(client, method)(path, json=content).status_code)


def changes_password(alice: Somebody) -> bool:
    client = alice.clients[0]
    token = client.post("/auth/refresh").get_json().get("access_token", "none")
    content = {"current_password": PASSWORD, "new_password": NEW}
    headers = {"Authorization": f"Bearer {token}"}
    return bool(client.put("/auth/password", json=content, headers=headers).status_code == 204)


def by_the_host(verb: str, *arguments: str) -> Callable[[Somebody], bool]:
    def act(alice: Somebody) -> bool:
        services = services_of(alice.app)
        with alice.app.app_context(), suppress(RenewalError):
            account = services.users.find_by_name(alice.name)
            who = alice.name if verb != "set_password" else account.id  # type: ignore[union-attr]
            getattr(services.accounts, verb)(who, *arguments)
            return True
        return False

    return act


def signs_out_everywhere(alice: Somebody) -> bool:
    return asks(alice.clients[0], "post", "/auth/logout", everywhere=True) == 204


def one_password_works_and_with_the_new_one_the_thief_is_out(alice: Somebody) -> None:
    old, new = alice.signs_in(PASSWORD), alice.signs_in(NEW)
    assert old is not new
    assert not (new and alice.is_in(alice.clients[1]))


def whoever_may_not_sign_in_is_out(alice: Somebody) -> None:
    assert alice.signs_in(PASSWORD) or not alice.is_in(alice.clients[1])


def nothing(alice: Somebody) -> None:
    pass


Act, Check = Callable[[Somebody], bool], Callable[[Somebody], None]
USES: dict[str, tuple[Act, Check]] = {
    "the sessions end, then the password is another, then those that began meanwhile end": (
        changes_password,
        one_password_works_and_with_the_new_one_the_thief_is_out,
    ),
    "the same on the word of the host": (
        by_the_host("set_password", NEW),
        one_password_works_and_with_the_new_one_the_thief_is_out,
    ),
    "a user is disabled, then the sessions end": (by_the_host("disable"), whoever_may_not_sign_in_is_out),
    "a user is deleted, and the sessions end": (by_the_host("delete"), whoever_may_not_sign_in_is_out),
    "all sessions end": (signs_out_everywhere, nothing),
}


@pytest.fixture
def unhurried(make_app: Callable[..., Flask]) -> Flask:
    return make_app(RATELIMIT_ENABLED=False, RENEWAL_MAX_SESSIONS_PER_USER=100)


@pytest.mark.parametrize("on", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("use", USES)
def test_whatever_statement_fails_no_door_stays_open(unhurried: Flask, use: str, moment: str, on: bool) -> None:
    act, check = USES[use]
    for at in count(1):
        alice = registered(unhurried, f"alice{at}")
        with failing(unhurried, moment, at, on=on) as seen:
            done = act(alice)
        check(alice)
        if len(seen) < at:
            assert done
            return
        if not done:
            assert act(alice) or not alice.is_in(alice.clients[1])


@pytest.mark.parametrize("on", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_could_not_register_has_an_account_or_may_try_again(unhurried: Flask, moment: str, on: bool) -> None:
    for at in count(1):
        content = {"username": f"alice{at}", "password": PASSWORD}
        client = unhurried.test_client()
        with failing(unhurried, moment, at, on=on) as seen:
            status = asks(client, "post", "/auth/register", **content)
        if len(seen) < at:
            assert status == 201
            return
        again = status if status == 201 else asks(client, "post", "/auth/register", **content)
        assert again == 201 or (again, Somebody(unhurried, f"alice{at}").signs_in(PASSWORD)) == (409, True)


@pytest.mark.parametrize("on", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_sign_in_that_failed_leaves_no_more_sessions_than_there_may_be(
    make_app: Callable[..., Flask], moment: str, on: bool
) -> None:
    app = make_app(RATELIMIT_ENABLED=False, RENEWAL_MAX_SESSIONS_PER_USER=MOST)
    living = "SELECT count(*) FROM renewal_session JOIN renewal_user USER ON user_id = USER.id"
    for at in count(1):
        alice = registered(app, f"alice{at}")
        with failing(app, moment, at, on=on) as seen:
            asks(app.test_client(), "post", "/auth/login", username=alice.name, password=PASSWORD)
        assert alice.signs_in(PASSWORD)
        [[number]] = rows(app, f"{living} WHERE ended_at IS NULL AND username = '{alice.name}'")
        assert number == MOST
        if len(seen) < at:
            return
