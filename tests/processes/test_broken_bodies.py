"""Bodies that a server cannot read: the client's mistake, whatever the server calls it."""

from collections.abc import Iterator

import pytest
from raw_http import ask
from servers import Server, serving

HOST, CHUNKED = "Host: example.com", "Transfer-Encoding: chunked"
BODIES = {
    "a chunk without a size": b"zz\r\n{}\r\n0\r\n\r\n",
    "a chunk that is longer than its size": b"2\r\n{}}}\r\n0\r\n\r\n",
    "no last chunk": b"2\r\n{}\r\n",
}
READERS = {"/auth/login": "application/json", "/login": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module", params=["gthread", "sync", "gevent"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("gunicorn"), workers=1, options=[f"-k={request.param}"]) as server:
        yield server


@pytest.mark.parametrize(("path", "kind"), READERS.items(), ids=READERS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_broken_in_its_chunks_is_a_bad_request(
    server: Server, path: str, kind: str, body: bytes
) -> None:
    head = (f"POST {path} HTTP/1.1", HOST, CHUNKED, f"Content-Type: {kind}", "Connection: close")
    assert ask(server, *head, body=body, hang_up=True).statuses == [400]
    assert "Traceback" not in server.log.read_text()


def test_nothing_behind_a_broken_body_is_a_request(server: Server) -> None:
    head = ("POST /auth/login HTTP/1.1", HOST, CHUNKED, "Content-Type: application/json")
    behind = b"zz\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert ask(server, *head, body=behind, hang_up=True).statuses == [400]
