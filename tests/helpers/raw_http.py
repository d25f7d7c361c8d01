"""Requests as no client library would send them."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from patience import PATIENCE
from servers import Server


@dataclass
class RawAnswer:
    """All that came until the server closed the connection."""

    text: str

    @property
    def statuses(self) -> list[int]:
        return [int(line.split()[1]) for line in self.text.splitlines() if line.startswith("HTTP/1.")]


def connect(server: Server, caller: str = "") -> socket.socket:
    """Connect, from this address of the loopback network if one is given."""
    address = urlsplit(server.address)
    return socket.create_connection((address.hostname or "", address.port or 0), PATIENCE, (caller, 0))


def ask(server: Server, *lines: str, body: bytes = b"", hang_up: bool = False) -> RawAnswer:
    """Send these lines as a head, then the body; with `hang_up`, say that nothing will follow."""
    with connect(server) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        return RawAnswer(_all(connection).decode())


def _all(connection: socket.socket) -> bytes:
    received = b""
    while more := connection.recv(65_536):
        received += more
    return received
