"""The peers: how each is installed, started, signed in to and asked, set up as its own documentation says."""

import json
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .load import Client, get, post

PYTHON_PEERS = ("flask-jwt-extended", "flask-sqlalchemy", "django", "djangorestframework-simplejwt", "psycopg[binary]")
INSTALL_SECONDS = 300

Tokens = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One application under load. `database` is ``"sqlite"``, ``"postgresql"``, or ``None`` where it keeps nothing."""

    name: str
    target: str
    database: str | None = None
    runs_in: str = "ours"
    """``"ours"``: this virtual environment; ``"python"`` or ``"node"``: the throw-away one."""
    guard: Callable[[Tokens], Client] | None = None
    refresh: Callable[[Tokens], Client] | None = None
    login: tuple[str, dict[str, str]] = ("/login", {})
    environment: dict[str, str] = field(default_factory=dict)


def bearer(name: str = "access_token", path: str = "/guarded") -> Callable[[Tokens], Client]:
    def client(tokens: Tokens) -> Client:
        text = get(path, Authorization=f"Bearer {tokens[name]}")
        return Client(lambda: text)

    return client


def cookie_guard(tokens: Tokens) -> Client:
    text = get("/guarded", Cookie=tokens["cookie"])
    return Client(lambda: text)


def cookie_refresh(path: str) -> Callable[[Tokens], Client]:
    """Refresh by a cookie that each answer sets anew."""

    def client(tokens: Tokens) -> Client:
        def learn(head: bytes, body: bytes) -> None:
            at = head.find(b"Set-Cookie: ")
            tokens["cookie"] = head[at + 12 : head.find(b";", at)].decode()

        return Client(lambda: post(path, Cookie=tokens["cookie"]), learn)

    return client


def body_refresh(name: str) -> Callable[[Tokens], Client]:
    """Refresh by a JSON body whose token each answer replaces."""

    def client(tokens: Tokens) -> Client:
        def ask() -> bytes:
            return post("/refresh", json.dumps({name: tokens[name]}).encode(), Content_Type="application/json")

        def learn(head: bytes, body: bytes) -> None:
            tokens[name] = json.loads(body)[name]

        return Client(ask, learn)

    return client


def header_refresh(tokens: Tokens) -> Client:
    """Refresh by a Bearer refresh token, which each answer may replace."""

    def learn(head: bytes, body: bytes) -> None:
        tokens["refresh_token"] = json.loads(body).get("refresh_token", tokens["refresh_token"])

    return Client(lambda: post("/refresh", Authorization=f"Bearer {tokens['refresh_token']}"), learn)


def ours(database: str, **environment: str) -> Peer:
    return Peer(
        name="Flask-Renewal",
        target="benchmarks.servers.renewal:app",
        database=database,
        guard=bearer(),
        refresh=cookie_refresh("/auth/refresh"),
        login=("/auth/register", {"username": "user-{}", "password": "correct staple horse battery"}),
        environment=environment,
    )


def limit(database: str) -> Peer:
    target = "benchmarks.servers.limit:app"
    return Peer(name="the limit route", target=target, database=database, refresh=cookie_refresh("/refresh"))


BARE = Peer(name="Flask's signed session cookie", target="benchmarks.servers.bare:app", guard=cookie_guard)


def others(database: str) -> list[Peer]:
    """Return the peers that run on this database."""
    extended, simple = "benchmarks.servers.jwt_extended:app", "benchmarks.servers.simplejwt:app"
    found = [
        Peer(name="Flask-JWT-Extended", target=extended, runs_in="python", guard=bearer(), refresh=header_refresh),
        Peer(
            name="… with its blocklist", target=extended, runs_in="python", database=database, guard=bearer(),
            refresh=header_refresh,
        ),
        Peer(
            name="simplejwt, rotation and blacklist", target=simple, runs_in="python", database=database,
            guard=bearer("access"), refresh=body_refresh("refresh"),
        ),
    ]  # fmt: skip
    if database == "postgresql":
        found.append(
            Peer(
                name="Express, stored refresh tokens", target="express.mjs", runs_in="node", database=database,
                guard=bearer(), refresh=body_refresh("refresh_token"),
            )
        )  # fmt: skip
        sign_up = ("/api/auth/sign-up/email", {"email": "user-{}@example.com", "password": "a long one", "name": "x"})
        for title, cache in (("Better Auth", "0"), ("Better Auth, cookie cache", "1")):
            found.append(
                Peer(
                    name=title, target="better_auth.mjs", runs_in="node", database=database, guard=cookie_guard,
                    login=sign_up, environment={"BENCHMARK_COOKIE_CACHE": cache},
                )
            )  # fmt: skip
    return found


class Workshop:
    """A throw-away folder with the peers' own dependencies, and what came of installing them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "venv" / "bin"
        self.missing: dict[str, str] = {}
        """Package → why it is not there."""

    def install(self) -> None:
        venv.create(self.folder / "venv", with_pip=True)
        self._try("python", [self.python / "python", "-m", "pip", "install", "-q", *PYTHON_PEERS, "gunicorn"])
        (self.folder / "package.json").write_text('{"name": "peers", "private": true}')
        self._try("express.mjs", ["npm", "install", "--no-audit", "--no-fund", "express", "jsonwebtoken", "pg"])
        for package in ("better-auth", "better-auth@1.4"):  # a release whose own dependencies are not all published
            self._try("better_auth.mjs", ["npm", "install", "--no-audit", "--no-fund", package])
            if "better_auth.mjs" not in self.missing:
                break

    def skip(self) -> None:
        """Measure without them."""
        self.missing = dict.fromkeys(("python", "express.mjs", "better_auth.mjs"), "left out")

    def _try(self, what: str, command: list[object]) -> None:
        try:
            done = subprocess.run(
                command, cwd=self.folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self.missing[what] = str(error)
            return
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if "error" in line.lower()] or [done.stderr]
            self.missing[what] = lines[-1 if what == "python" else 1 if len(lines) > 1 else 0].strip()
        else:
            self.missing.pop(what, None)

    def lacks(self, peer: Peer) -> str | None:
        """Return why this peer cannot be measured; ``None`` if it can."""
        return self.missing.get("python" if peer.runs_in == "python" else peer.target)

    def versions(self) -> list[str]:
        """Return the name and version of every package that was installed on purpose."""
        if "python" in self.missing:
            return []
        found = _versions(
            self.python / "python", [name.partition("[")[0] for name in (*PYTHON_PEERS, "gunicorn", "flask")]
        )
        for name in ("express", "jsonwebtoken", "pg", "better-auth"):
            manifest = self.folder / "node_modules" / name / "package.json"
            if manifest.exists():
                found.append(f"{name} {json.loads(manifest.read_text())['version']}")
        return sorted(found)


OURS = ("flask", "werkzeug", "flask-jwt-extended", "pyjwt", "sqlalchemy", "psycopg", "cryptography", "argon2-cffi")


def ours_versions() -> list[str]:
    return _versions(Path(sys.executable), [*OURS, "gunicorn"])


def _versions(python: Path, names: list[str]) -> list[str]:
    code = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep='\\n')"
    listed = subprocess.run([python, "-c", code, *names], capture_output=True, text=True, check=False)
    return listed.stdout.split("\n")[:-1]
