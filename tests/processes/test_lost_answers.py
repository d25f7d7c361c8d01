"""The rotation is committed and its answer never arrives: for real, by a death or on the way."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from patience import PATIENCE
from servers import NO_ANSWER, UNHURRIED, Server, Visitor, serving


def is_answered(server: Server, visitor: Visitor) -> bool:
    try:
        assert visitor.refreshes(server).status == 200
    except NO_ANSWER:
        return False
    return True


def test_a_session_goes_on_after_the_server_died_between_commit_and_answer(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1, application="host_app", **UNHURRIED) as server:
        alice = server.register("alice")
        for _ in range(4):
            (tmp_path / "die").touch()
            assert not is_answered(server, alice)
            assert not (tmp_path / "die").exists()
            kept = alice.refresh
            assert is_answered(server, alice)
            assert alice.refresh != kept


def test_within_the_quiet_window_a_lost_answer_costs_nothing_either(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1, application="host_app") as server:
        alice = server.register("alice")
        (tmp_path / "die").touch()
        assert not is_answered(server, alice)
        kept = alice.refresh
        assert is_answered(server, alice)
        assert alice.refresh == kept


def test_a_session_goes_on_through_a_network_that_drops_answers(tmp_path: Path) -> None:
    with serving(tmp_path, **UNHURRIED) as server:
        alice = server.register("alice")
        with dropping_answers(server) as dropped:
            for loses in (True, False, True, True, True, False, False, True, False):
                dropped.clear()
                if loses:
                    dropped.set()
                assert is_answered(server, alice) is not loses


@contextmanager
def dropping_answers(server: Server) -> Iterator[threading.Event]:
    """Put a proxy before the server that lets answers through while the event is clear.

    It reads an answer in full before it drops it, so what the request did is committed.
    """
    origin, drops = urlsplit(server.address), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = threading.Thread(target=_relay, args=(listener, (origin.hostname, origin.port), drops))
    proxy.start()
    server.address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    try:
        yield drops
    finally:
        server.address = origin.geturl()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        proxy.join(timeout=PATIENCE)


def _relay(listener: socket.socket, origin: tuple[str, int], drops: threading.Event) -> None:
    """Relay one connection after the other, with one request each, until the listener closes."""
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            with client, socket.create_connection(origin, timeout=PATIENCE) as upstream:
                upstream.sendall(client.recv(65536))
                answer = upstream.recv(65536)
                if not drops.is_set():
                    client.sendall(answer)
                    while more := _rest(upstream):
                        client.sendall(more)


def _rest(upstream: socket.socket) -> bytes:
    upstream.settimeout(0.1)
    with suppress(TimeoutError):
        return upstream.recv(65536)
    return b""
