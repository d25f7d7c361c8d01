"""A flood of sign-ins: who is let in, who is refused, and what it costs the others."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from typing import Any

import pytest
from answers import assert_problem, import_hash
from argon2 import PasswordHasher
from campaign import memory_of
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from forking import FORKS, ends_well_in_a_fork
from hosts import services_of
from pages_kit import register, sign_in
from patience import PATIENCE
from werkzeug.test import TestResponse

from flask_renewal.ground import events
from flask_renewal.ground.errors import TooManyRequestsError
from flask_renewal.identity.users.hashing import FEWEST_PLACES, Hashing
from flask_renewal.identity.users.passwords import Passwords


@pytest.fixture(autouse=True)
def _as_many_threads_as_a_server_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody find a place because threads that other tests have left in this process come and go."""
    monkeypatch.setattr(threading, "active_count", lambda: 9)


@contextmanager
def full(place: Callable[[], Any]) -> Iterator[int]:
    """Take all places; the value says how many there were."""
    with ExitStack() as places:
        taken = 0
        try:
            while True:
                places.enter_context(place())
                taken += 1
        except TooManyRequestsError:
            pass
        yield taken


def let_in(threads: int) -> int:
    """Come on so many threads at once; return how many were let in."""
    line, met = Hashing(), threading.Barrier(threads)

    def come(_: int) -> bool:
        met.wait(PATIENCE)  # all threads are there
        with suppress(TooManyRequestsError), line.place():
            met.wait(PATIENCE)
            return True
        met.wait(PATIENCE)
        return False

    with ThreadPoolExecutor(threads) as server:
        return sum(server.map(come, range(threads)))


@pytest.fixture(scope="module")
def fresh() -> Iterator[ProcessPoolExecutor]:
    """A process without the threads that other tests have left, which would count too."""
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        yield fresh


@pytest.mark.parametrize(("threads", "places"), [(2, 2), (8, 6), (128, 96)])
def test_sign_ins_get_three_in_four_of_the_threads(fresh: ProcessPoolExecutor, threads: int, places: int) -> None:
    assert fresh.submit(let_in, threads).result() == places


def test_a_line_that_is_full_refuses_at_once() -> None:
    line = Hashing()
    with full(line.place) as places, pytest.raises(TooManyRequestsError) as refusal, line.place():
        pass
    assert places >= FEWEST_PLACES
    assert refusal.value.retry_after > 0


def test_one_source_gets_two_in_three_of_the_places_and_leaves_the_rest_to_others() -> None:
    line = Hashing()
    with full(partial(line.place, "an office")) as taken:
        with full(line.place) as left:
            assert taken >= 4
            assert taken == (taken + left) * 2 // 3
        with line.place("somebody else"):
            pass
    with line.place("an office"):
        pass


def test_a_place_is_free_again_however_it_was_left() -> None:
    line = Hashing()
    for _ in range(threading.active_count() + FEWEST_PLACES):
        with pytest.raises(ZeroDivisionError), line.place():
            1 / 0  # noqa: B018 - it is the error that counts


def test_one_hash_is_computed_at_a_time() -> None:
    line, lock, running, most = Hashing(), threading.Lock(), 0, 0

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    with ThreadPoolExecutor(8) as threads:
        for one in [threads.submit(line.compute, work) for _ in range(8)]:
            one.result()
    assert most == 1


def test_what_the_work_raises_comes_out_and_the_next_is_done() -> None:
    line = Hashing()
    with pytest.raises(ZeroDivisionError):
        line.compute(lambda: 1 // 0)
    assert line.compute(lambda: 1) == 1


def test_a_hosts_own_function_is_called_in_the_thread_of_its_request() -> None:
    assert Hashing().compute_here(threading.get_ident) == threading.get_ident()


def grown(threads: int) -> int:
    """Hash on so many threads, one after the other; return the KiB that stay with the process."""
    passwords, met = Passwords(), threading.Barrier(threads)
    passwords.hash("the first one of all")
    before = memory_of(os.getpid())

    def hash_one(_: int) -> None:
        met.wait(PATIENCE)
        passwords.hash("another one")

    with ThreadPoolExecutor(threads) as server:
        list(server.map(hash_one, range(threads)))
        return memory_of(os.getpid()) - before


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is told by Linux alone")
def test_what_hashes_take_does_not_stay_with_every_thread() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        assert fresh.submit(grown, 24).result() < 3 * 19_456


@FORKS
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_worker_that_was_forked_in_a_flood_hashes_on() -> None:
    line = Hashing()

    def hashes() -> bool:
        with line.place():
            return line.compute(os.getpid) == os.getpid()

    with full(line.place):
        assert line.compute(lambda: ends_well_in_a_fork(hashes))


@pytest.fixture
def flood(app: Flask, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Let others take all places of the application where alice has signed in."""
    with full(services_of(app).accounts._passwords.place):
        monkeypatch.setattr(Hashing, "compute", lambda *_: pytest.fail("hashed"))
        yield login


ALICE = {"username": "alice", "password": PASSWORD}
Ask = Callable[[FlaskClient, dict[str, str]], TestResponse]
ASKS: dict[str, Ask] = {
    "sign in": lambda client, _: client.post("/auth/login", json=ALICE),
    "register": lambda client, _: client.post("/auth/register", json={**ALICE, "username": "bob"}),
    "confirm": lambda client, token: client.post("/auth/confirm", json={"password": PASSWORD}, headers=token),
    "change": lambda client, token: client.put(
        "/auth/password", json={"current_password": PASSWORD, "new_password": PASSWORD + "!"}, headers=token
    ),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_in_a_flood_a_password_is_refused_before_it_costs_anything(
    client: FlaskClient, flood: dict[str, Any], ask: Ask
) -> None:
    response = ask(client, bearer(flood["access_token"]))
    assert_problem(response, 429, "too_many_requests")
    assert int(response.headers["Retry-After"]) > 0
    assert "Set-Cookie" not in response.headers


@pytest.mark.usefixtures("login")
def test_who_registers_or_changes_a_password_leaves_places_to_others_too(app: Flask) -> None:
    accounts = services_of(app).accounts
    with full(partial(accounts._passwords.place, "one")):
        with pytest.raises(TooManyRequestsError):
            accounts.add("bob", PASSWORD, source="one")
        with pytest.raises(TooManyRequestsError):
            accounts.change_password(accounts.find("alice"), PASSWORD + "!", session_id="one")
        assert accounts.add("bob", PASSWORD, source="another").username == "bob"


def test_in_a_flood_those_who_are_signed_in_go_on(client: FlaskClient, flood: dict[str, Any]) -> None:
    assert client.get("/auth/me", headers=bearer(flood["access_token"])).status_code == 200
    assert client.post("/auth/refresh").status_code == 200


def test_what_a_flood_refuses_counts_as_no_failure(app: Flask, client: FlaskClient, flood: dict[str, Any]) -> None:
    failures: list[Any] = []
    counted: list[Any] = []
    with (
        events.login_failed.connected_to(lambda _, **facts: failures.append(facts), app),
        events.too_many_attempts.connected_to(lambda _, **facts: counted.append(facts), app),
    ):
        for _ in range(20):
            client.post("/auth/login", json={"username": "alice", "password": "wrong"})
    assert (failures, counted) == ([], [{"counted_by": "hashing"}] * 20)
    with services_of(app).accounts._throttle.sign_in("alice", address=None, session_id=flood["session"]["id"]):
        pass


@pytest.mark.usefixtures("flood")
@pytest.mark.parametrize("send", [sign_in, register])
def test_in_a_flood_a_page_says_when_to_come_back(app: Flask, send: Callable[..., TestResponse]) -> None:
    response = send(app.test_client(), "bob")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "5")
    assert "Too many attempts. Please try again in 5 seconds." in response.text


@pytest.mark.usefixtures("login")
def test_an_old_hash_is_replaced_within_one_place(app: Flask, client: FlaskClient) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    import_hash(app, old)
    place = services_of(app).accounts._passwords.place
    with full(place) as places:
        pass
    with ExitStack() as others:
        for _ in range(places - 1):
            others.enter_context(place())
        assert client.post("/auth/login", json=ALICE).status_code == 200
