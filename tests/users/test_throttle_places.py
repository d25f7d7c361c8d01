"""Rate limits where an account was signed in before: a stranger's guesses lock no owner out."""

import time
from collections.abc import Callable

import pytest
from answers import cookies
from conftest import PASSWORD, bearer
from flask.testing import FlaskClient
from guessing import *  # noqa: F403 - a fixture
from guessing import HOME, attempt, register, use_up
from werkzeug.test import TestResponse

from flask_renewal.testing import Clock

AWAY = "198.51.100.7"
"""Where alice has never been."""
NEW = "another staple horse battery"


@pytest.fixture
def client(make: Callable[..., FlaskClient]) -> FlaskClient:
    return make()


def cookie_of(response: TestResponse) -> str:
    return cookies(response)["refresh_token"].value


@pytest.fixture
def cookie(client: FlaskClient) -> str:
    return cookie_of(attempt(client, password=PASSWORD, address=HOME))


def test_an_owner_is_let_in_at_a_known_address_whatever_strangers_guess(client: FlaskClient) -> None:
    use_up(client)
    assert {attempt(client, password=PASSWORD, address=HOME).status_code for _ in range(30)} == {200}
    assert attempt(client, password=PASSWORD, address=AWAY).status_code == 429


def test_an_owner_is_let_in_with_an_earlier_cookie_whatever_strangers_guess(client: FlaskClient, cookie: str) -> None:
    use_up(client)
    for _ in range(30):
        assert attempt(client, password=PASSWORD, address=AWAY, cookie=cookie).status_code == 200


def test_the_page_knows_an_owner_by_the_cookie_too(client: FlaskClient, cookie: str) -> None:
    use_up(client)
    content = {"username": "alice", "password": PASSWORD}
    told = {"headers": {"Cookie": f"refresh_token={cookie}"}, "environ_overrides": {"REMOTE_ADDR": AWAY}}
    assert client.post("/login", data=content, **told).status_code == 303


def test_a_cookie_of_a_session_that_is_over_tells_the_owner_too(client: FlaskClient, cookie: str, clock: Clock) -> None:
    use_up(client)
    clock.tick(days=8)
    assert client.post("/auth/refresh", headers={"Cookie": f"refresh_token={cookie}"}).status_code == 401
    assert attempt(client, password=PASSWORD, address=AWAY, cookie=cookie).status_code == 200


def test_a_cookie_is_known_to_each_process(make: Callable[..., FlaskClient], client: FlaskClient, cookie: str) -> None:
    other_process = make()
    use_up(other_process)
    assert attempt(other_process, password=PASSWORD, address=AWAY, cookie=cookie).status_code == 200


def test_the_cookie_of_another_account_or_of_nobody_is_worth_nothing(client: FlaskClient, cookie: str) -> None:
    mallory = cookie_of(register(client, "mallory"))
    use_up(client)
    for worthless in (mallory, f"{cookie[:-4]}AAAA"):
        assert attempt(client, password=PASSWORD, address=AWAY, cookie=worthless).status_code == 429


def test_a_stolen_cookie_gives_no_more_guesses_than_a_stranger_has(client: FlaskClient, cookie: str) -> None:
    statuses = [attempt(client, cookie=cookie, address=f"10.0.0.{number}").status_code for number in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert attempt(client, password=PASSWORD, address=HOME).status_code == 200


def test_a_known_address_gives_no_more_guesses_than_a_stranger_has(client: FlaskClient, cookie: str) -> None:
    statuses = [attempt(client, address=HOME).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert attempt(client, password=PASSWORD, address=HOME, cookie=cookie).status_code == 200


@pytest.mark.parametrize("address", [HOME, AWAY], ids=["from the owner's address", "from elsewhere"])
def test_who_is_signed_in_proves_the_password_whatever_strangers_guess(client: FlaskClient, address: str) -> None:
    token = bearer(attempt(client, password=PASSWORD, address=HOME).get_json()["access_token"])
    for _ in range(120):
        attempt(client, address=address)
    use_up(client)
    assert client.post("/auth/confirm", json={"password": PASSWORD}, headers=token).status_code == 200
    change = {"current_password": PASSWORD, "new_password": NEW}
    assert client.put("/auth/password", json=change, headers=token).status_code == 204


def test_guesses_at_a_session_are_limited_wherever_they_come_from(client: FlaskClient, cookie: str) -> None:
    token = client.post("/auth/refresh", headers={"Cookie": f"refresh_token={cookie}"}).get_json()["access_token"]
    for number in range(10):
        attempt(client, cookie=cookie, address=f"10.0.0.{number}")
    assert client.post("/auth/confirm", json={"password": PASSWORD}, headers=bearer(token)).status_code == 429


def test_known_places_go_on_at_an_address_where_everybody_guesses(client: FlaskClient) -> None:
    statuses = [attempt(client, f"nobody-{number}", address=HOME).status_code for number in range(11)]
    assert statuses[-1] == 429
    assert attempt(client, password=PASSWORD, address=HOME).status_code == 200


def test_one_password_is_not_tried_on_everybody_whom_an_address_knows(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per minute")
    names = [f"colleague-{number}" for number in range(7)]
    cookies_of = [cookie_of(register(client, name)) for name in names]
    assert [attempt(client, name, address=HOME).status_code for name in names] == [401] * 6 + [429]
    assert attempt(client, names[0], PASSWORD, HOME).status_code == 429
    assert attempt(client, names[0], PASSWORD, HOME, cookie=cookies_of[0]).status_code == 200


def test_right_passwords_from_known_places_end_at_ten_times_the_limit(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="2 per hour")
    answers = [attempt(client, password=PASSWORD, address=HOME) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert 3000 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_an_account_is_known_at_ten_new_addresses_a_day(make: Callable[..., FlaskClient]) -> None:
    client = make(RENEWAL_RATELIMIT_LOGIN="1 per minute")
    addresses = [HOME, *(f"10.0.0.{number}" for number in range(10))]
    for address in addresses:
        attempt(client, password=PASSWORD, address=address)
    use_up(client)
    answers = [attempt(client, password=PASSWORD, address=address).status_code for address in addresses]
    assert answers == [200] * 10 + [429]


def test_an_address_is_known_for_90_days(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    for days, answer in ((89, 200), (91, 429)):
        monkeypatch.setattr(time, "time", lambda days=days: now() + days * 86_400)
        use_up(client)
        assert attempt(client, password=PASSWORD, address=HOME).status_code == answer
