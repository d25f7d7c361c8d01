"""Load over HTTP/1.1 keep-alive, from one process: a few clients, each waiting for its answer before it asks again."""

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CONNECT_SECONDS = 10
HOST = "127.0.0.1"

Request = Callable[[], bytes]
Learn = Callable[[bytes, bytes], None]


@dataclass
class Client:
    """One browser or script: what it sends next, and what it learns from an answer."""

    request: Request
    learn: Learn = field(default=lambda head, body: None)
    is_patient: bool = True
    """Whether a client that is told when to come back waits until then."""


@dataclass
class Load:
    """What came of a load: seconds each answer took, and how many were refused."""

    seconds: float
    times: list[float]
    refused: int
    refusal: bytes = b""
    """The first of them."""

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def served(self) -> float:
        """Return the answers each second that were no refusals."""
        return (len(self.times) - self.refused) / self.seconds

    def percentile(self, share: float) -> float:
        """Return a percentile in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


class _Connection(asyncio.Protocol):
    """Sends the client's requests one after another until the time is up."""

    def __init__(self, client: Client, load: Load, until: float, done: asyncio.Future[None]) -> None:
        self._client, self._load, self._until, self._done = client, load, until, done
        self._buffer, self._length = b"", -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._began = time.perf_counter()
        if self._began >= self._until:
            self._transport.close()
            return
        self._transport.write(self._client.request())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        if self._length < 0:
            self._length = _length(self._buffer, head)
        if self._length < 0 or len(self._buffer) < self._length:
            return
        self._load.times.append(time.perf_counter() - self._began)
        pause = 0.0
        if self._buffer[9:10] != b"2":
            pause = _retry_after(self._buffer[:head]) if self._client.is_patient else 0.0
            self._load.refused += 1
            self._load.refusal = self._load.refusal or self._buffer[:500]
        else:
            self._client.learn(self._buffer[:head], _body(self._buffer[head + 4 : self._length]))
        self._buffer, self._length = self._buffer[self._length :], -1
        if pause:
            asyncio.get_running_loop().call_later(min(pause, self._until - time.perf_counter()), self._send)
        else:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


def _length(buffer: bytes, head: int) -> int:
    """Return the length of the answer at the buffer's start, -1 where it has not come in full yet."""
    lower = buffer[: head + 2].lower()
    start = lower.find(b"\r\ncontent-length:")
    if start >= 0:
        return head + 4 + int(lower[start + 17 : lower.find(b"\r\n", start + 2)])
    if b"\r\ntransfer-encoding: chunked" not in lower:
        return head + 4
    end = buffer.find(b"\r\n0\r\n\r\n", head)
    return -1 if end < 0 else end + 7


def _retry_after(head: bytes) -> float:
    """Return the seconds after which to come back, 0 where the answer does not say."""
    said = head.partition(b"\r\nRetry-After: ")[2].partition(b"\r\n")[0]
    return float(said or 0)


def _body(data: bytes) -> bytes:
    """Return the body, without the frames of chunks that are there."""
    if not data.endswith(b"\r\n0\r\n\r\n"):
        return data
    body, rest = b"", data
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        body, rest = body + rest[:length], rest[length + 2 :]
    return body


async def _run(port: int, clients: list[Client], seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    load = Load(seconds=seconds, times=[], refused=0)
    began = time.perf_counter()
    dones = [loop.create_future() for _ in clients]
    for client, done in zip(clients, dones, strict=True):
        await loop.create_connection(
            lambda client=client, done=done: _Connection(client, load, began + seconds, done), "127.0.0.1", port
        )
    await asyncio.wait_for(asyncio.gather(*dones), seconds + 60)
    load.seconds = time.perf_counter() - began
    return load


def run(port: int, clients: list[Client], seconds: float) -> Load:
    """Put the load of these clients on a server of this machine for some seconds."""
    return asyncio.run(_run(port, clients, seconds))


@contextmanager
def meanwhile(port: int, clients: list[Client], seconds: float) -> Iterator[Callable[[], Load]]:
    """Put a load on from another process; call what is yielded for what came of it."""
    forking = multiprocessing.get_context("fork")
    here, there = forking.Pipe(duplex=False)
    process = forking.Process(target=lambda: there.send(run(port, clients, seconds)))
    process.start()
    try:
        yield here.recv
    finally:
        process.join()


def get(path: str, **headers: str) -> bytes:
    return _request("GET", path, headers)


def post(path: str, body: bytes = b"", **headers: str) -> bytes:
    return _request("POST", path, {**headers, "Content-Length": str(len(body))}) + body


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")
