"""Starting an application under load and signing clients in to it."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from .cluster import free_port
from .load import HOST, Client
from .peers import Peer, Tokens, Workshop

ROOT = Path(__file__).parents[1]
WORKERS, THREADS = 2, 8
START_SECONDS = 60


class Server:
    """One application, on two processes: gunicorn gthread with 2 workers of 8 threads, or two workers of Node.js."""

    def __init__(self, peer: Peer, workshop: Workshop, uri: str | None, folder: Path) -> None:
        self.peer, self.port = peer, free_port()
        environment = {**os.environ, **peer.environment, "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        environment["BENCHMARK_FOLDER"] = str(folder)
        if uri is not None and peer.database is not None:
            environment.update(_database(peer, uri))
        if peer.runs_in == "node":
            command, where = ["node", str(ROOT / "benchmarks" / "servers" / peer.target)], workshop.folder
        else:
            python = sys.executable if peer.runs_in == "ours" else str(workshop.python / "python")
            module = peer.target.partition(":")[0]
            where = ROOT
            created = subprocess.run(
                [python, "-c", f"import {module}"], cwd=where, env={**environment, "BENCHMARK_CREATE": "1"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if created.returncode:
                raise RuntimeError(f"{peer.name} does not start: {created.stderr[-2000:]}")
            command = [python, "-m", "gunicorn", "-k", "gthread", "-w", str(WORKERS), "--threads", str(THREADS)]
            command += ["-b", f"127.0.0.1:{self.port}", "--keep-alive", "60", "--log-level", "error", peer.target]
        self.process = subprocess.Popen(command, cwd=where, env=environment, start_new_session=True)
        self._wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def _wait(self) -> None:
        for _ in range(START_SECONDS * 20):
            try:
                if self.ask("GET", "/hello")[0] == 200:
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.peer.name} does not start") from None
            time.sleep(0.05)
        raise RuntimeError(f"{self.peer.name} does not answer")

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str, bytes]:
        """Send one request; return status, cookies and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            data = None if body is None else json.dumps(body)
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            fields |= {"Host": HOST, "Origin": f"http://{HOST}"}  # as the load says, for cookies go by it
            connection.request(method, path, data, {"Content-Type": "application/json", **fields})
            answer = connection.getresponse()
            cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or ())
            return answer.status, cookies, answer.read()
        finally:
            connection.close()

    def sign_in(self, number: int) -> Tokens:
        """Sign one client in, as a user of its own where there are users."""
        path, body = self.peer.login
        filled = {name: value.replace("{}", f"{self.port}-{number}") for name, value in body.items()}
        status, cookies, answer = self.ask("POST", path, filled)
        if status not in (200, 201):
            raise RuntimeError(f"{self.peer.name} does not sign in: {status} {answer[:200]!r}")
        tokens = {"cookie": cookies}
        if answer.startswith(b"{"):
            tokens.update({name: value for name, value in json.loads(answer).items() if isinstance(value, str)})
        return tokens


def _database(peer: Peer, uri: str) -> dict[str, str]:
    """Return where the peer keeps its rows, in the words of its library."""
    plain = uri.replace("postgresql+psycopg://", "postgresql://")
    raw = plain.removeprefix("sqlite:///") + ".limit" if plain.startswith("sqlite") else plain
    wanted = plain if peer.runs_in == "node" or "simplejwt" in peer.target else uri
    if uri.startswith("sqlite"):
        wanted = f"{wanted}.{peer.target.split('.')[-1].partition(':')[0]}"
    return {"BENCHMARK_URI": wanted, "BENCHMARK_DATABASE": raw}


def signed_in(server: Server, clients: int, *, first: int = 0) -> list[Tokens]:
    return [server.sign_in(first + number) for number in range(clients)]


def hello(server: Server) -> Client:
    text = f"GET /hello HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
    return Client(lambda: text)
