"""Keeping a browser on this machine: it asks us for every name, and gets loopback or nothing."""

import socket
import socketserver
import threading
from collections.abc import Collection
from contextlib import suppress

LOOPBACK = "127.0.0.1"
_REACHED, _REFUSED = b"\x05\x00", b"\x05\x02"
_NOWHERE = b"\x00\x01" + bytes(6)


class Proxy(socketserver.ThreadingTCPServer):
    """A SOCKS5 proxy (RFC 1928) to which the given host names are loopback, and which refuses all others."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, names: Collection[str] = ()) -> None:
        super().__init__((LOOPBACK, 0), _Connection)
        self.names = frozenset(names) | {LOOPBACK, "localhost"}
        self.refused: set[str] = set()
        """Names that the browser has asked for in vain."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Connection(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        with suppress(OSError):
            self.rfile.read(self.rfile.read(2)[1])
            self.wfile.write(b"\x05\x00")
            host, port = self._destination()
            if host not in self.server.names:
                self.server.refused.add(host)
                self.wfile.write(_REFUSED + _NOWHERE)
                return
            with socket.create_connection((LOOPBACK, port)) as there:
                self.wfile.write(_REACHED + _NOWHERE)
                threading.Thread(target=_pour, args=(there, self.connection), daemon=True).start()
                _pour(self.connection, there)

    def _destination(self) -> tuple[str, int]:
        kind = self.rfile.read(4)[3]
        if kind == 3:
            host = self.rfile.read(self.rfile.read(1)[0]).decode()
        else:
            host = socket.inet_ntop(*{1: (socket.AF_INET, self.rfile.read(4))}.get(kind, (socket.AF_INET6, bytes(16))))
        return host, int.from_bytes(self.rfile.read(2), "big")


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
