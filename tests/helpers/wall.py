"""What the list of bad inputs is tried with: a real server, callers who send exactly what they are told, its rows."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPResponse
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cookie_names import ACCESS, REFRESH, called
from cryptography.hazmat.primitives.asymmetric import ec
from forging import Forger
from hosts import RENEWED
from key_rings import ring
from patience import PATIENCE
from raw_http import connect
from servers import PASSWORD, Server

EVIL = "https://evil.test"
SPA = "https://app.example.com"
FOREIGN = (f"Origin: {EVIL}", "Sec-Fetch-Site: cross-site")
LITTLE_LEFT = 11 * 60
"""Seconds, after which an access token has less than a third of its life left."""
QUIET = 61
"""Seconds: more than the quiet window."""
ROWS: dict[int, Callable[["Wall"], None]] = {}
"""By its number in the list, what tries a bad input and fails where the answer is not the expected one."""
SERVERS = {
    "waitress": ["wall_app.py"],
    "gunicorn": ["-m", "gunicorn", "--bind=127.0.0.1:0", "--threads=32", "--worker-class=gthread",
                 "--no-control-socket", "wall_app:app"],
}  # fmt: skip
"""Both of them, each in one process that answers."""
_NAMES = count(1)


def row(number: int) -> Callable[[Callable[["Wall"], None]], Callable[["Wall"], None]]:
    """Enter a bad input into the list."""

    def enter(attempt: Callable[["Wall"], None]) -> Callable[["Wall"], None]:
        assert number not in ROWS
        ROWS[number] = attempt
        return attempt

    return enter


@dataclass(frozen=True)
class Reply:
    """What came back, nothing of it taken together."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        return ", ".join(self.all(name))

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def cookies(self) -> dict[str, str]:
        return dict(line.partition(";")[0].partition("=")[::2] for line in self.all("Set-Cookie"))


@dataclass(eq=False)
class Person:
    """Somebody who is signed in, at one address."""

    caller: "Caller"
    name: str
    access: str
    refresh: str
    session: str

    @property
    def cookie(self) -> str:
        return f"Cookie: {self.caller.wall.refresh_name}={self.refresh}"

    @property
    def bearer(self) -> str:
        return f"Authorization: Bearer {self.access}"

    def refreshes(self, *headers: str) -> Reply:
        """Refresh, and keep what comes."""
        reply = self.caller.ask("POST /auth/refresh", self.cookie, *headers)
        if reply.status == 200:
            self.access = reply.json["access_token"]
            self.refresh = reply.cookies.get(self.caller.wall.refresh_name, self.refresh)
        return reply

    def is_signed_in(self) -> bool:
        return self.caller.ask("GET /auth/me", self.bearer).status == 200


class Caller:
    """Whoever calls from an address of their own, so that no limit is another's."""

    def __init__(self, wall: "Wall", address: str) -> None:
        self.wall = wall
        self.address = address

    def ask(self, what: str, *headers: str | bytes, body: bytes = b"", host: str | None = None) -> Reply:
        """Send one request; its length is told unless a header does."""
        method, _, path = what.partition(" ")
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.wall.host if host is None else host}", "Connection: close"]
        sent = [line if isinstance(line, bytes) else line.encode("latin-1") for line in (*lines, *headers)]
        if not any(line.lower().startswith((b"content-length", b"transfer-encoding")) for line in sent):
            sent.append(b"Content-Length: %d" % len(body))
        with connect(self.wall.server, self.address) as connection:
            connection.sendall(b"\r\n".join([*sent, b"", body]))
            answer = HTTPResponse(connection, method=method)
            answer.begin()
            return Reply(answer.status, answer.getheaders(), answer.read().decode())

    def posts(self, path: str, content: object, *headers: str) -> Reply:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.ask(f"POST {path}", "Content-Type: application/json", *headers, body=body)

    def fills_in(self, path: str, *headers: str, **fields: str) -> Reply:
        """Send a form."""
        body = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items()).encode()
        return self.ask(f"POST {path}", "Content-Type: application/x-www-form-urlencoded", *headers, body=body)

    def signs_in(self, name: str, password: str = PASSWORD, *headers: str, **more: Any) -> Reply:
        return self.posts("/auth/login", {"username": name, "password": password, **more}, *headers)

    def registers(self) -> Person:
        name = f"person{next(_NAMES)}"
        reply = self.posts("/auth/register", {"username": name, "password": PASSWORD})
        assert reply.status == 201, reply
        return self.person(name, reply)

    def person(self, name: str, reply: Reply) -> Person:
        told = reply.json
        return Person(self, name, told["access_token"], reply.cookies[self.wall.refresh_name], told["session"]["id"])


@contextmanager
def serving_wall(kind: str, folder: Path, **settings: Any) -> Iterator["Wall"]:
    """Serve by one of `SERVERS`; the process is gone afterwards."""
    folder.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).with_name("wall_app.py"), folder)
    server = Server(folder, SERVERS[kind], settings=settings, environ={"PORT": "0"})
    try:
        yield Wall(server.wait_until_it_answers(), folder / "instance")
    finally:
        server.kill()


class Wall:
    """A server that everything on the list is thrown at."""

    def __init__(self, server: Server, instance: Path) -> None:
        self.server = server
        self.instance = instance
        self.host = urlsplit(server.address).netloc
        self.refresh_name, self.access_name = called(REFRESH, server.address), called(ACCESS, server.address)
        self._addresses = (f"127.{high}.{low}.1" for high in range(1, 255) for low in range(1, 255))

    def caller(self) -> Caller:
        return Caller(self, next(self._addresses))

    def person(self) -> Person:
        return self.caller().registers()

    def due(self) -> Person:
        """Return somebody whose access token would be renewed with the next answer."""
        person = self.person()
        self.waits(LITTLE_LEFT)
        return person

    @cached_property
    def control(self) -> Caller:
        return self.caller()

    def waits(self, seconds: float) -> None:
        """Let time pass for the server."""
        assert self.control.ask(f"POST /control/wait?seconds={seconds}").status == 200

    @property
    def compared(self) -> int:
        """How often the server has compared a password."""
        return int(self.control.ask("GET /control").json["compared"])

    def rows(self, table: str) -> list[Any]:
        with closing(sqlite3.connect(self.instance / "flask-renewal.db", timeout=PATIENCE)) as database:
            return sorted(map(repr, database.execute(f"SELECT * FROM {table}")))

    @contextmanager
    def unchanged(self, *, compared: int | None = None) -> Iterator[None]:
        """Check that no row changes meanwhile, and how many passwords are compared."""
        before, passwords = self._all_rows(), self.compared
        yield
        assert self._all_rows() == before
        assert compared is None or self.compared == passwords + compared

    def _all_rows(self) -> list[Any]:
        return [self.rows(table) for table in ("renewal_session", "renewal_user")]

    def forger(self, person: Person) -> Forger:
        """Return what makes tokens of somebody's, with the server's own key."""
        key = ring(self.instance).signing_key
        return Forger(person.access, key, person.refresh, ec.generate_private_key(ec.SECP256R1()))


def check(reply: Reply, status: int, code: str = "", *, cookie: str = "none") -> Reply:
    """Check an answer: status, code, what becomes of cookies, that nobody keeps it and that it renews nothing."""
    assert reply.status == status, reply
    if code:
        assert reply["Content-Type"] == "application/problem+json"
        assert (reply.json["code"], reply.json["status"]) == (code, status)
    if status != 304:
        assert reply["Cache-Control"] == "no-store", reply
    assert "Traceback" not in reply.text
    assert not reply.all(RENEWED)
    assert check_cookie(reply) == cookie, reply
    return reply


def check_cookie(reply: Reply) -> str:
    """Return what an answer does to cookies: `none`, `clear`, `set`; a deletion repeats the attributes."""
    lines = reply.all("Set-Cookie")
    if not lines:
        return "none"
    assert all(line.endswith("; HttpOnly; Path=/; SameSite=Lax") for line in lines), lines
    deleted = ["=; Max-Age=0;" in line for line in lines]
    assert all(deleted) or not any(deleted), lines
    return "clear" if all(deleted) else "set"
