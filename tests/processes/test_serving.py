"""What `python wsgi.py` makes of clients that are slow, many, or of two minds."""

import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from everything import missing
from patience import PATIENCE
from raw_http import ask, connect
from servers import Server, serving

MANY = 1100
"""Connections: more than the descriptors that select(2) knows, and more than there are threads."""
LOGIN = ("POST /auth/login HTTP/1.1", "Content-Type: application/json")
HEALTH = "GET /healthz HTTP/1.1"
HOST = "Host: example.com"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process open enough files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * MANY:
        missing(f"a process may open {hard} files here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * MANY), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


BEGINNINGS = {
    "nothing": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: exa",
    "half a body": b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{",
}


@contextmanager
def giving_up(folder: Path, *, slowest: int) -> Iterator[Server]:
    """Serve; a request that takes longer to come in than so many seconds is given up, and a silent one far later."""
    (folder / "timed.py").write_text(
        f"from flask_renewal.standalone import serving\nserving.SLOWEST_REQUEST_SECONDS = {slowest}\n"
        f"serving.IDLE_SECONDS = {2 * PATIENCE}\nimport wsgi\nserving.serve(wsgi.app, serving.listen())\n"
    )
    server = Server(folder, ["timed.py"], settings={}, environ={"PORT": "0"})
    try:
        yield server.wait_until_it_answers()
    finally:
        server.kill()


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("sent", BEGINNINGS.values(), ids=BEGINNINGS)
def test_connections_that_have_sent_so_much_keep_nobody_waiting(tmp_path: Path, sent: bytes) -> None:
    with giving_up(tmp_path, slowest=2 * PATIENCE) as server, ExitStack() as held:
        for _ in range(MANY):
            held.enter_context(connect(server)).sendall(sent)
        assert server.get("/healthz").status == 200
        assert server.post("/auth/refresh").status == 401
        assert server.process.poll() is None


def test_a_request_that_does_not_come_in_is_given_up_however_busily_it_drips(tmp_path: Path) -> None:
    with giving_up(tmp_path, slowest=1) as server:
        assert hangs_up_on_drips(server)


def hangs_up_on_drips(server: Server) -> bool:
    """Send a head byte by byte; say whether the server hangs up."""
    until = time.monotonic() + PATIENCE
    with connect(server) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Long: ")
        connection.settimeout(0.1)
        while time.monotonic() < until:
            try:
                connection.sendall(b"x")
                if connection.recv(1) == b"":
                    return True
            except TimeoutError:
                continue
            except ConnectionError:
                return True
    return False


OF_TWO_MINDS = {
    "two hosts": ((HEALTH, HOST, "Host: evil.test"), b""),
    "one host twice": ((HEALTH, HOST, HOST), b""),
    "no host": ((HEALTH,), b""),
    "two lengths": ((*LOGIN, HOST, "Content-Length: 2", "Content-Length: 3"), b"{}"),
    "a length and chunks": ((*LOGIN, HOST, "Content-Length: 5", CHUNKED), b"0\r\n\r\n"),
    "chunks before they were invented": (("POST /auth/login HTTP/1.0", "Content-Length: 2", CHUNKED), b"{}"),
    "a chunk without a size": ((*LOGIN, HOST, CHUNKED), b"zz\r\n{}\r\n0\r\n\r\n"),
    "a chunk that is longer than its size": ((*LOGIN, HOST, CHUNKED), b"2\r\n{}}}0\r\n\r\n"),
}


@pytest.mark.parametrize(("head", "body"), OF_TWO_MINDS.values(), ids=OF_TWO_MINDS)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_answered(
    server: Server, head: tuple[str, ...], body: bytes
) -> None:
    behind = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert ask(server, *head, body=body + behind).statuses == [400]


def test_a_body_that_is_too_long_is_refused_before_it_has_come(server: Server) -> None:
    answer = ask(server, *LOGIN, HOST, "Content-Length: 60000000", body=b"{")
    assert answer.statuses == [413]
    assert '"code": "payload_too_large"' in answer.text


def test_what_looks_like_a_request_in_a_body_that_is_too_long_is_none(server: Server) -> None:
    inside = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert ask(server, *LOGIN, HOST, "Content-Length: 70000", body=inside).statuses == [413]


def test_chunks_that_add_up_to_too_much_are_refused(server: Server) -> None:
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    assert ask(server, *LOGIN, HOST, CHUNKED, body=chunk * 32).statuses == [413]
