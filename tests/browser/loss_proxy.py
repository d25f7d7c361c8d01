"""Between a browser and its server: a proxy that loses, cuts and holds answers, and can be gone altogether."""

import socket
import socketserver
import ssl
import struct
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection, HTTPMessage, parse_headers
from urllib.parse import urlsplit

from patience import PATIENCE

LOOPBACK = "127.0.0.1"
_TO_ARRIVE = 0.05
"""Seconds: a reset that comes at once may overtake what was sent before it."""
_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}
"""Headers that a proxy writes itself (RFC 9110 §7.6.1)."""


class Fault(Enum):
    """What becomes of one request. The connection is reset after the first two."""

    LOST = "the server has answered, and not a byte of the answer arrives"
    CUT = "the headers arrive, with any cookie, and half of the body"
    HELD = "the answer comes when the proxy is told to release it"
    BAD_GATEWAY = "the proxy says that the server is away, without a header for other origins"


@dataclass
class Exchange:
    """A request that the proxy saw."""

    connection: int
    """The browser's port."""
    method: str
    target: str
    headers: HTTPMessage
    body: bytes
    fault: Fault | None = None
    over: threading.Event = field(default_factory=threading.Event)
    """Set once all that is to come of its answer is on its way."""

    def is_for(self, path: str) -> bool:
        return self.method != "OPTIONS" and self.target.partition("?")[0] == path


@dataclass
class _Plan:
    path: str
    fault: Fault
    times: int


class LossProxy(socketserver.ThreadingTCPServer):
    """Forwards HTTP/1.1, over TLS if it has a context, to the server at `upstream`, an http origin on this machine.

    Without `keep_alive` each connection serves one request. With it connections are reused, and a browser sends a
    request again, by itself, if one that has served before dies without an answer.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, upstream: str, *, tls: ssl.SSLContext | None = None, keep_alive: bool = False) -> None:
        super().__init__((LOOPBACK, 0), _Connection)
        self.upstream = upstream
        self.keep_alive = keep_alive
        self.away = False
        """While true every connection is reset, as if nobody were there."""
        self.seen: list[Exchange] = []
        self._tls = tls
        self._plans: list[_Plan] = []
        self._news = threading.Condition()
        self._released = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handled(self, path: str) -> list[Exchange]:
        """Return what was sent on to the server for `path`, preflights aside."""
        return [one for one in self.seen if one.is_for(path) and one.fault is not Fault.BAD_GATEWAY]

    def wait_for(self, path: str, *, times: int = 1) -> None:
        """Wait until the server has begun to handle that many requests for `path`."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.handled(path)) >= times, PATIENCE)

    def spoil(self, path: str, fault: Fault, *, times: int = 1) -> None:
        """Let `fault` befall the next requests other than preflights for `path`."""
        self._plans.append(_Plan(path, fault, times))

    def release(self) -> None:
        """Let the answers go that are held, and hold no more; return when they have gone."""
        self._released.set()
        for exchange in self.seen:
            if exchange.fault is Fault.HELD:
                exchange.over.wait(PATIENCE)

    def close(self) -> None:
        self.release()
        self.shutdown()
        self.server_close()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        if self._tls:  # hands are shaken with the first read, in the connection's own thread
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def shutdown_request(self, request: socket.socket) -> None:
        """Close without an orderly end before, which would come in front of a reset."""
        self.close_request(request)

    def note(self, exchange: Exchange) -> None:
        """Remember a request, with the fault that is to befall it."""
        with self._news:
            plan = next((plan for plan in self._plans if plan.times and exchange.is_for(plan.path)), None)
            if plan:
                plan.times -= 1
                exchange.fault = plan.fault
            self.seen.append(exchange)
            self._news.notify_all()

    def wait_for_release(self) -> None:
        self._released.wait(PATIENCE)

    def forward(self, exchange: Exchange) -> tuple[bytes, bytes]:
        """Have the server handle the request, to the end; return head and body of its answer."""
        with closing(HTTPConnection(LOOPBACK, urlsplit(self.upstream).port, timeout=PATIENCE)) as server:
            server.putrequest(exchange.method, exchange.target, skip_host=True, skip_accept_encoding=True)
            for name, value in exchange.headers.items():
                if name.lower() not in _OF_ONE_CONNECTION:
                    server.putheader(name, value)
            server.putheader("Content-Length", str(len(exchange.body)))
            server.endheaders(exchange.body)
            response = server.getresponse()
            body = response.read()
        kept = [(name, value) for name, value in response.getheaders() if name.lower() not in _OF_ONE_CONNECTION]
        kept += [] if response.status in (204, 304) else [("Content-Length", str(len(body)))]
        kept += [] if self.keep_alive else [("Connection", "close")]
        head = "".join(f"{name}: {value}\r\n" for name, value in kept)
        return f"HTTP/1.1 {response.status} {response.reason}\r\n{head}\r\n".encode("latin-1"), body


class _Connection(socketserver.StreamRequestHandler):
    server: LossProxy
    connection: socket.socket

    def handle(self) -> None:
        with suppress(OSError):
            going_on = True
            while going_on and not self.server.away and (exchange := self._read()):
                self.server.note(exchange)
                try:
                    going_on = self._serve(exchange) and self.server.keep_alive
                finally:
                    exchange.over.set()
            if self.server.away:
                self._reset()

    def _read(self) -> Exchange | None:
        line = self.rfile.readline()
        if not line.strip():
            return None
        method, target, _ = line.decode().split(" ", 2)
        headers = parse_headers(self.rfile)
        body = self.rfile.read(int(headers.get("Content-Length", 0)))
        return Exchange(self.client_address[1], method, target, headers, body)

    def _serve(self, exchange: Exchange) -> bool:
        """Answer, or do what the plan is instead; say whether the connection can go on."""
        if self.server.away:
            return self._reset()
        if exchange.fault is Fault.BAD_GATEWAY:
            self.wfile.write(_BAD_GATEWAY)
            return False
        head, body = self.server.forward(exchange)
        if exchange.fault is Fault.HELD:
            self.server.wait_for_release()
        elif exchange.fault:
            if exchange.fault is Fault.CUT:
                self.wfile.write(head + body[: len(body) // 2])
                time.sleep(_TO_ARRIVE)
            return self._reset()
        self.wfile.write(head + body)
        return True

    def _reset(self) -> bool:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        return False
