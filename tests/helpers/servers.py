"""Real server processes, and a client without a cookie jar that talks to them from outside."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cookie_names import REFRESH, called, without_port
from leaks import leaked
from patience import PATIENCE

PASSWORD = "correct staple horse battery"
WSGI = Path(__file__).parents[2] / "wsgi.py"
HOST = Path(__file__).parents[1] / "processes" / "host_app.py"
UNHURRIED = {"RATELIMIT_ENABLED": False, "RENEWAL_QUIET_WINDOW": 0}
"""Settings with which every refresh in a row rotates."""
NO_ANSWER = (OSError, HTTPException)

_ADDRESS = re.compile(r"(?:is running|Listening at): (http://\S+)")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str]
    """Name, without the port, and value of each cookie that was set; a deleted one is empty."""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Server:
    """A server process, in a folder that holds `wsgi.py`, `host_app.py` and the instance."""

    def __init__(
        self,
        folder: Path,
        command: list[str],
        *,
        settings: dict[str, Any],
        environ: dict[str, str],
        processes: int = 1,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._processes = processes
        for application in (WSGI, HOST):
            if not (folder / application.name).exists():  # another server may be reading it just now
                shutil.copy(application, folder)
        self.log = folder / f"server-{time.monotonic_ns()}.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "HOST", "PORT"))}
        told = {f"FLASK_{key}": json.dumps(value) for key, value in settings.items()}
        self.place: dict[str, Any] = {"cwd": folder, "env": {**kept, **told, **environ}}
        """Where it runs, for `subprocess`."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                **self.place,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.address = ""

    def wait_until_it_answers(self) -> "Server":
        """Wait for the line with the address and for the first answer; fail with the log where there is none."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            said = _ADDRESS.search(self.log.read_text())
            if said is not None:
                self.address = said[1]
                if self.answers():
                    return self
            time.sleep(0.05)
        exit_code = self.process.poll()
        self.kill()
        raise AssertionError(f"the server does not answer (exit code {exit_code}):\n{self.log.read_text()}")

    def answers(self) -> bool:
        try:
            return self.get("/healthz").status == 200
        except NO_ANSWER:
            return False

    def stop(self) -> int:
        """Ask the server to stop; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill the server and its workers, without a warning; fail if there is a secret in what it has written."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)
        assert leaked(self.log.read_text(errors="replace")) == [], f"secrets are in {self.log}"

    def get(self, path: str, **what: Any) -> Answer:
        return self.ask("GET", path, **what)

    def post(self, path: str, **what: Any) -> Answer:
        return self.ask("POST", path, **what)

    def statuses(self, path: str, **what: Any) -> set[int]:
        """Ask until each process has answered, which the application has to name in `X-Process`."""
        statuses: set[int] = set()
        processes: set[str] = set()
        deadline = time.monotonic() + PATIENCE
        while len(processes) < self._processes:
            assert time.monotonic() < deadline, f"of {self._processes} processes {len(processes)} answer"
            answer = self.get(path, **what)
            statuses.add(answer.status)
            processes.add(answer.headers["X-Process"])
        return statuses

    def ask(
        self,
        method: str,
        path: str,
        *,
        content: Any = None,
        access: str | None = None,
        refresh: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request on a connection of its own; `access` and `refresh` are the tokens that go along."""
        headers = dict(headers or {})
        if content is not None:
            headers["Content-Type"] = "application/json"
        if access is not None:
            headers["Authorization"] = f"Bearer {access}"
        if refresh is not None:
            headers["Cookie"] = f"{called(REFRESH, self.address)}={refresh}"
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, json.dumps(content) if content is not None else None, headers)
            response = connection.getresponse()
            text = response.read().decode()
            cookies = SimpleCookie("; ".join(line.split(";")[0] for line in response.msg.get_all("Set-Cookie") or []))
            values = {without_port(name): morsel.value for name, morsel in cookies.items()}
            return Answer(status=response.status, headers=dict(response.headers), text=text, cookies=values)
        finally:
            connection.close()

    def register(self, name: str) -> "Visitor":
        """Sign somebody up, and return that person's browser."""
        answer = self.post("/auth/register", content={"username": name, "password": PASSWORD})
        assert answer.status == 201, answer
        return Visitor(access=answer.json["access_token"], refresh=answer.cookies[REFRESH])


@dataclass
class Visitor:
    """A browser: it keeps the newest tokens that reached it."""

    access: str
    refresh: str

    def refreshes(self, server: Server) -> Answer:
        """Refresh, and keep what came; raises one of `NO_ANSWER` where nothing did."""
        answer = server.post("/auth/refresh", refresh=self.refresh)
        if answer.status == 200:
            self.access = answer.json["access_token"]
            self.refresh = answer.cookies.get(REFRESH, self.refresh)
        return answer


@contextmanager
def serving(folder: Path, **how: Any) -> Iterator[Server]:
    """Serve as `launch` does; the process is gone afterwards."""
    server = launch(folder, **how)
    try:
        yield server.wait_until_it_answers()
    finally:
        server.kill()


def launch(
    folder: Path,
    *,
    workers: int = 0,
    options: Sequence[str] = (),
    application: str = "wsgi",
    environ: dict[str, str] | None = None,
    **settings: Any,
) -> Server:
    """Start `python wsgi.py`, or gunicorn (with `options`) if `workers` are asked for, and do not wait for it."""
    command = ["wsgi.py"]
    if workers:
        bound = ["--bind=127.0.0.1:0", f"--workers={workers}", "--threads=32", "--worker-class=gthread"]
        command = ["-m", "gunicorn", *bound, *options, "--no-control-socket", f"{application}:app"]
    told = {"PORT": "0", **(environ or {})}
    return Server(folder, command, settings=settings, environ=told, processes=max(1, workers))
