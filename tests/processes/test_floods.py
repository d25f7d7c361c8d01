"""A flood of sign-ins against real servers."""

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from engines import wait_until
from patience import PATIENCE
from servers import NO_ANSWER, PASSWORD, Answer, Server, serving

EIGHT_THREADS = {
    "workers": 1,
    "options": ("--threads=8",),
    "RATELIMIT_ENABLED": False,
    "RENEWAL_MAX_SESSIONS_PER_USER": 1_000_000,
}
ALICE = {"username": "alice", "password": PASSWORD}


def log_in(server: Server) -> Answer:
    return server.post("/auth/login", content=ALICE)


@contextmanager
def flooding(server: Server, ask: Callable[[Server], Answer] = log_in) -> Iterator[Counter[int | str]]:
    """Let 12 clients sign in, each again as soon as it has an answer; count the answers, `none` among them."""
    statuses: Counter[int | str] = Counter()
    over = Event()

    def sign_in() -> None:
        while not over.is_set():
            try:
                statuses[ask(server).status] += 1
            except NO_ANSWER:
                statuses["none"] += 1
                return

    with ThreadPoolExecutor(12) as threads:
        running = [threads.submit(sign_in) for _ in range(12)]
        try:
            yield statuses
        finally:
            over.set()
    for run in running:
        run.result()


def test_a_flood_is_refused_in_part_and_the_others_are_served(tmp_path: Path) -> None:
    with serving(tmp_path, **EIGHT_THREADS) as server:
        alice = server.register("alice")
        with flooding(server) as statuses:
            deadline = time.monotonic() + PATIENCE
            while not statuses[429] and time.monotonic() < deadline:
                assert server.get("/auth/me", access=alice.access).status == 200
            assert alice.refreshes(server).status == 200
        assert statuses.keys() == {200, 429}
        assert log_in(server).status == 200


def asks(path: str, name: str, address: str) -> Callable[[Server], Answer]:
    """Return what signs in, or registers, from behind a proxy that is believed; a name may have a number."""
    numbers = count()

    def ask(server: Server) -> Answer:
        content = {"username": name.format(next(numbers)), "password": PASSWORD}
        return server.post(path, content=content, headers={"X-Forwarded-For": address})

    return ask


@pytest.mark.parametrize(
    "flood",
    [asks("/auth/login", "alice", "192.0.2.1"), asks("/auth/register", "name-{}", "192.0.2.1")],
    ids=["right sign-ins", "registrations"],
)
def test_a_flood_from_one_address_keeps_nobody_else_from_signing_in(
    tmp_path: Path, flood: Callable[[Server], Answer]
) -> None:
    behind_a_proxy = {**EIGHT_THREADS, "RATELIMIT_ENABLED": True, "RENEWAL_TRUSTED_PROXIES": 1}
    others = [asks("/auth/login", name, f"198.51.100.{number}") for number, name in enumerate(["bob", "carol", "dave"])]
    with serving(tmp_path, **behind_a_proxy) as server:
        for name in ("alice", "bob", "carol", "dave"):
            server.register(name)
        with flooding(server, flood) as statuses:
            answers = Counter(ask(server).status for ask in others * 4)
    assert statuses[429]
    assert answers == {200: 12}


def test_a_server_that_stops_in_a_flood_answers_whom_it_let_in(tmp_path: Path) -> None:
    with serving(tmp_path, **EIGHT_THREADS) as server:
        server.register("alice")
        with flooding(server) as statuses:
            time.sleep(0.5)
            assert server.stop() == 0
        assert statuses[200]
        assert statuses.keys() <= {200, 429, "none"}
        assert "Traceback" not in server.log.read_text()


def test_clients_that_are_gone_give_their_places_back(tmp_path: Path) -> None:
    with serving(tmp_path, **EIGHT_THREADS) as server:
        server.register("alice")
        for _ in range(100):
            leave(server)
        with ThreadPoolExecutor(6) as threads:
            wait_until(lambda: {one.status for one in threads.map(log_in, [server] * 6)} == {200}, "a place is taken")


def leave(server: Server) -> None:
    """Ask to sign in, and hang up before the answer."""
    body = f'{{"username": "alice", "password": "{PASSWORD}"}}'
    head = ["POST /auth/login HTTP/1.1", "Host: x", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    address = urlsplit(server.address)
    with socket.create_connection((address.hostname or "", address.port or 0), PATIENCE) as connection:
        connection.sendall("\r\n".join([*head, "", body]).encode())


def test_workers_that_were_forked_after_a_hash_hash_on(tmp_path: Path) -> None:
    (tmp_path / "signed_up.py").write_text(
        "from host_app import app\n"
        "with app.app_context():\n"
        f"    app.extensions['flask-renewal'].accounts.add('alice', '{PASSWORD}')\n"
    )
    with serving(tmp_path, workers=2, options=["--preload"], application="signed_up") as server:
        assert [log_in(server).status for _ in range(8)] == [200] * 8
