"""Very many mutated requests against a real server: what came of them, and what must never come of any."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from pathlib import Path

from mutated_requests import Mutator, Request
from raw_http import connect
from servers import PASSWORD
from wall import LITTLE_LEFT, Person, Wall

SLOW_SECONDS = 1.0
WARM = 20_000
"""Requests, after which a server has met everything that it remembers."""
TOLERATED_GROWTH, TOLERATED_FRAGMENTS = 1.05, 1.15
"""Of what Python holds, and of what the process does: many threads leave gaps in it, fewer with every request."""
OF_THE_SERVERS_OWN = frozenset({501, 505})
"""A coding, or a version of HTTP, that a server does not know: right answers, and none of ours (RFC 9110 §15.6)."""
_MOVE_EVERY = 400
_RENEW_EVERY = 1_500


@dataclass
class Outcome:
    """What came of a campaign."""

    statuses: Counter[int] = field(default_factory=Counter)
    """By status; 0 is a connection that was closed without an answer."""
    faults: list[str] = field(default_factory=list)
    slow: list[bytes] = field(default_factory=list)
    """Requests that were slow once, and are asked again."""
    slowest: float = 0.0
    memory: dict[int, int] = field(default_factory=dict)
    """Kilobytes that the server's processes held, by the number of requests before."""
    blocks: dict[int, int] = field(default_factory=dict)
    """Blocks of memory that Python held in the one that answers."""

    def growth(self, of: dict[int, int]) -> float:
        """Return how much more there was at last than after the server was warm."""
        warm = [size for asked, size in of.items() if asked >= WARM]
        return warm[-1] / warm[0] if warm else 1.0


class Campaign:
    """Mutated requests, sent by some clients at once, each from its own addresses."""

    def __init__(self, wall: Wall, *, seed: int = 1, clients: int = 4) -> None:
        self.wall = wall
        self.outcome = Outcome()
        self._seed, self._clients = seed, clients
        self._lock = threading.Lock()
        self._asked = count(1)
        self._people = [wall.person() for _ in range(8)]

    def run(self, requests: int, *, tell: Callable[[int, Outcome], None] = lambda asked, outcome: None) -> Outcome:
        """Send so many requests, and look at what they left behind."""
        numbers = iter(range(requests))
        mutators = [Mutator(self._seed * 1000 + number) for number in range(self._clients)]
        with ThreadPoolExecutor(self._clients) as threads:
            for _ in threads.map(lambda mutator: self._client(mutator, numbers, tell), mutators):
                pass  # raises what a client has raised
        self._ask_the_slow_again()
        log = self.wall.server.log.read_text(errors="replace")
        if "Traceback" in log:
            self.outcome.faults.append("a traceback in the log:\n" + log[log.index("Traceback") :][:3000])
        if self.wall.server.process.poll() is not None:
            self.outcome.faults.append("the server has died")
        elif self.wall.person().refreshes().status != 200:
            self.outcome.faults.append("a good sign-in is not served any more")
        self._weigh(requests)
        return self.outcome

    def _weigh(self, asked: int) -> None:
        self.outcome.memory[asked] = memory_of(self.wall.server.process.pid)
        if self.wall.server.process.poll() is None:
            self.outcome.blocks[asked] = self.wall.control.ask("GET /control").json["blocks"]

    def _client(self, mutator: Mutator, numbers: Iterator[int], tell: Callable[[int, Outcome], None]) -> None:
        while True:
            with self._lock:
                if next(numbers, None) is None:
                    return
                asked = next(self._asked)
            person = mutator.chance.choice(self._people)
            good = mutator.chance.choice(_good_requests(person, person.access, person.refresh))
            sent = mutator.changed(good).written(self.wall.host)
            self._judge(sent, *self._send(sent, person.caller.address))
            self._now_and_then(asked, mutator, tell)

    def _now_and_then(self, asked: int, mutator: Mutator, tell: Callable[[int, Outcome], None]) -> None:
        """Let time pass, let somebody go on who was signed out, and look at the memory."""
        if asked % _MOVE_EVERY == 0:
            self.wall.waits(mutator.chance.choice((10, 61, 61, LITTLE_LEFT)))
        if asked % _RENEW_EVERY == 0:
            self._people[mutator.chance.randrange(len(self._people))] = self.wall.person()
        if asked % 5_000 == 0:
            self._weigh(asked)
            tell(asked, self.outcome)
        place = mutator.chance.randrange(len(self._people))
        if asked % 50 == 0 and self._people[place].refreshes().status == 401:
            self._people[place] = self.wall.person()

    def _send(self, sent: bytes, address: str) -> tuple[int, str, float]:
        """Return the status, 0 if there was none, the text and the seconds that it took."""
        began, received = time.monotonic(), b""
        try:
            with connect(self.wall.server, address) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                while more := connection.recv(65_536):
                    received += more
        except TimeoutError:
            return 0, "", float("inf")
        except OSError:  # what is refused unread may be cut off
            pass
        status = received[9:12]
        text = received.decode("utf-8", "replace")
        return int(status) if status.isdigit() else 0, text, time.monotonic() - began

    def _judge(self, sent: bytes, status: int, text: str, seconds: float) -> None:
        with self._lock:
            outcome = self.outcome
            outcome.statuses[status] += 1
            outcome.slowest = max(outcome.slowest, seconds)
            if status >= 500 and status not in OF_THE_SERVERS_OWN:
                outcome.faults.append(f"{status} for {sent[:3000]!r}:\n{text[:1000]}")
            if "Traceback" in text:
                outcome.faults.append(f"a traceback for {sent[:3000]!r}")
            if seconds > SLOW_SECONDS:
                outcome.slow.append(sent)

    def _ask_the_slow_again(self) -> None:
        """A request is slow that is so by itself, whatever else the machine does: three times in a row, and alone."""
        address = self.wall.caller().address
        for sent in self.outcome.slow:
            if all(self._send(sent, address)[2] > SLOW_SECONDS for _ in range(3)):
                self.outcome.faults.append(f"slow: {sent[:3000]!r}")


@lru_cache(maxsize=64)
def _good_requests(person: Person, access: str, refresh: str) -> list[Request]:
    """Return a good request to each route that there is, with these tokens of somebody's."""
    wall = person.caller.wall
    json_type = ("Content-Type", "application/json")
    form_type = ("Content-Type", "application/x-www-form-urlencoded")
    bearer = ("Authorization", f"Bearer {access}")
    cookie = ("Cookie", f"{wall.refresh_name}={refresh}; {wall.access_name}={access}")
    own = ("Origin", wall.server.address.rstrip("/"))
    credentials = json.dumps({"username": person.name, "password": PASSWORD}).encode()
    form = f"username={person.name}&password={PASSWORD}&next=/account&remember=yes".replace(" ", "+").encode()
    change = json.dumps({"current_password": "a wrong password", "new_password": "another staple horse"}).encode()
    reading = ("/auth/me", "/auth/sessions", "/auth/verify", "/kept")
    pages = ("/", "/login", "/register", "/logout", "/account", "/account?notice=renamed&n=1", "/renewal/pages.css")
    public = ("/healthz", "/readyz", "/.well-known/jwks.json", "/auth/openapi.json", "/auth/ended-sessions?since=0")
    return [
        Request("POST", "/auth/login", (json_type, own, cookie), credentials),
        Request("POST", "/auth/register", (json_type, own), credentials),
        *[Request("POST", "/auth/refresh", (json_type, own, cookie), b"{}")] * 6,
        Request("POST", "/auth/logout", (json_type, own, ("X-Refresh-Transport", "body")), b'{"everywhere": false}'),
        *(Request("GET", path, (bearer, own)) for path in reading for _ in range(3)),
        Request("DELETE", "/auth/sessions", (bearer, own)),
        *[Request("DELETE", f"/auth/sessions/{'x' * 22}", (bearer, own))] * 3,
        Request("PUT", "/auth/password", (json_type, bearer, own), change),
        Request("POST", "/auth/confirm", (json_type, bearer, own), b'{"password": "a wrong password"}'),
        *(Request("GET", path, (cookie, ("Accept", "text/html"), ("Sec-Fetch-Mode", "navigate"))) for path in pages),
        *(Request("GET", path, (own,)) for path in public),
        Request("OPTIONS", "/auth/me", (own, ("Access-Control-Request-Method", "GET"))),
        Request("POST", "/login", (form_type, own), form),
        Request("POST", f"/account/sessions/{person.session}/name", (form_type, own, cookie), b"device=Laptop"),
        Request("POST", "/account/sessions/end-others", (form_type, own, cookie), b"password=wrong"),
        Request("POST", "/account/password", (form_type, own, cookie), b"current_password=a&new_password=b"),
    ]


def memory_of(process: int) -> int:
    """Return the kilobytes of a process and its children that are in memory; 0 where the system does not tell."""
    try:
        own = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    resident = next((int(line.split()[1]) for line in own.splitlines() if line.startswith("VmRSS:")), 0)
    return resident + sum(memory_of(int(child)) for child in _children(process))


def _children(process: int) -> list[str]:
    children: list[str] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # a thread that is over by now
            children += task.read_text().split()
    return children
