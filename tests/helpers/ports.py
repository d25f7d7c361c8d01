"""Ports on loopback that nobody takes between being chosen and being listened on."""

import random
import socket

OURS = range(20_000, 26_000)
"""No outgoing connection is given one of these: Linux begins at 32768, others at 49152."""
CLAIMS = 6_000
"""How far above a port its claim lies."""

_claims: list[socket.socket] = []


def free_port() -> int:
    """Return a TCP port that nobody listens on, and that no process of the tests is given while this one lives."""
    for port in random.sample(OURS, len(OURS)):
        if _claimed(port) and _unused(port):
            return port
    raise AssertionError("every port is taken")


def _claimed(port: int) -> bool:
    # a port of UDP, where no server of the tests listens; the kernel gives it back when the process ends
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind(("127.0.0.1", port + CLAIMS))
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def _unused(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
