"""A flood of sign-ins: who is let in, who is refused, and what it costs the others."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from answers import assert_problem
from argon2 import PasswordHasher
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import services_of
from pages_kit import register, sign_in
from werkzeug.test import TestResponse

from flask_renewal import events, hashing
from flask_renewal.errors import TooManyRequestsError
from flask_renewal.hashing import FEWEST_PLACES, NICENESS, RUSH_EVERY_SECONDS, RUSH_SECONDS, Hashing


class Seconds:
    """A clock that stands still."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def flooded(seconds: Seconds) -> Iterator[Hashing]:
    """Fill the line, for longer than a rush lasts."""
    line = Hashing(clock=seconds)
    with ExitStack() as places:
        for _ in range(FEWEST_PLACES + 1):
            places.enter_context(line.place())
        seconds.now += RUSH_SECONDS + 0.1
        yield line


def test_a_line_that_is_full_refuses_at_once(flooded: Hashing) -> None:
    with pytest.raises(TooManyRequestsError) as refusal, flooded.place():
        pass
    assert refusal.value.retry_after > 0


def test_everybody_is_let_in_while_a_rush_lasts(seconds: Seconds) -> None:
    line = Hashing(clock=seconds)
    with ExitStack() as places:
        for _ in range(100):
            places.enter_context(line.place())
            seconds.now += RUSH_SECONDS / 100


def test_the_next_rush_may_come_in_five_minutes(flooded: Hashing, seconds: Seconds) -> None:
    seconds.now += RUSH_EVERY_SECONDS - RUSH_SECONDS - 1
    with pytest.raises(TooManyRequestsError), flooded.place():
        pass
    seconds.now += 1
    with flooded.place():
        pass


def test_a_place_is_free_again_however_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "RUSH_SECONDS", -1)
    line = Hashing()
    for _ in range(FEWEST_PLACES * 2):
        with pytest.raises(ZeroDivisionError), line.place():
            1 / 0  # noqa: B018 - it is the error that counts


def let_in(line: Hashing, server: ThreadPoolExecutor, threads: int) -> int:
    """Come on so many threads at once; return how many were let in."""
    met = threading.Barrier(threads)

    def come(_: int) -> bool:
        try:
            with line.place():
                met.wait(30)
        except TooManyRequestsError:
            met.wait(30)
            return False
        return True

    return sum(server.map(come, range(threads)))


@pytest.mark.parametrize(("threads", "places"), [(4, 3), (8, 6), (128, 96)])
def test_sign_ins_get_three_in_four_of_the_threads(seconds: Seconds, threads: int, places: int) -> None:
    line = Hashing(clock=seconds)
    with ThreadPoolExecutor(threads) as server:
        assert let_in(line, server, threads) == threads
        seconds.now += RUSH_SECONDS + 0.1
        assert let_in(line, server, threads) == places


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


def priority() -> tuple[int, int]:
    thread = threading.get_native_id()
    return os.getpriority(os.PRIO_PROCESS, thread), os.sched_getscheduler(thread)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own here")
def test_hashing_lets_others_go_first() -> None:
    before = priority()
    assert Hashing().compute(priority) == (min(19, before[0] + NICENESS), os.SCHED_BATCH)
    assert priority() == before


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own here")
def test_a_thread_that_serves_keeps_its_priority() -> None:
    before = priority()
    hashing._let_others_go_first()  # on the main thread, as where threads are green
    assert priority() == before


def test_the_thread_that_hashes_is_kept() -> None:
    line = Hashing()
    assert len({line.compute(threading.get_ident) for _ in range(20)}) == 1


def test_the_thread_that_hashes_ends_with_its_application() -> None:
    line = Hashing()
    thread = line.compute(threading.current_thread)
    assert thread.is_alive()
    del line
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_worker_that_was_forked_hashes_on_a_thread_of_its_own() -> None:
    line = Hashing()
    line.compute(threading.get_ident)
    worker = os.fork()
    if worker == 0:
        signal.alarm(30)  # instead of waiting for ever for a thread that is not there
        os._exit(0 if line.compute(os.getpid) == os.getpid() else 1)
    assert os.waitpid(worker, 0)[1] == 0


def test_what_the_work_raises_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        Hashing().compute(lambda: 1 // 0)


@pytest.fixture
def flood(app: Flask, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Let others take all places of the application where alice has signed in."""
    monkeypatch.setattr(hashing, "RUSH_SECONDS", -1)
    passwords = services_of(app).accounts._passwords
    with ExitStack() as places:
        for _ in range(FEWEST_PLACES):
            places.enter_context(passwords.place())
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


def test_in_a_flood_those_who_are_signed_in_go_on(client: FlaskClient, flood: dict[str, Any]) -> None:
    assert client.get("/auth/me", headers=bearer(flood["access_token"])).status_code == 200
    assert client.post("/auth/refresh").status_code == 200


def test_what_a_flood_refuses_counts_as_no_failure(app: Flask, client: FlaskClient, flood: dict[str, Any]) -> None:
    failures: list[Any] = []

    def note(_: Flask, **facts: Any) -> None:
        failures.append(facts)

    with events.login_failed.connected_to(note, app):
        for _ in range(20):
            client.post("/auth/login", json={"username": "alice", "password": "wrong"})
    assert not failures
    services_of(app).accounts._throttle.check_login("alice", "127.0.0.1")


@pytest.mark.usefixtures("flood")
@pytest.mark.parametrize("send", [sign_in, register])
def test_in_a_flood_a_page_says_when_to_come_back(app: Flask, send: Callable[..., TestResponse]) -> None:
    response = send(app.test_client(), "bob")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "5")
    assert "Too many attempts. Please try again in 5 seconds." in response.text


def test_an_old_hash_is_replaced_within_one_place(
    app: Flask, client: FlaskClient, login: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "RUSH_SECONDS", -1)
    monkeypatch.setattr(hashing, "FEWEST_PLACES", 1)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    services_of(app).users.set_password_hash(login["user"]["id"], old)
    assert client.post("/auth/login", json=ALICE).status_code == 200
