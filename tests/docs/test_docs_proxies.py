"""The proxies that the page on deploying shows, with exactly these files: signing in through them works over TLS."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cookie_names import REFRESH, called
from doc_blocks import DOCS, run
from reverse_proxies import CONFIGURATIONS, answers, behind_a_proxy, is_of_the_page, name_of, proxying
from servers import PASSWORD
from werkzeug.serving import make_server

PAGE = "<title>The page</title>"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with behind_a_proxy(tmp_path_factory.mktemp("behind")) as port:
        yield port


def test_the_page_on_deploying_shows_each_configuration() -> None:
    shown = re.findall(r"^```{literalinclude} \.\./examples/(\S+)$", (DOCS / "deploy.md").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(map(name_of, CONFIGURATIONS))


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=name_of)
def test_one_signs_in_and_refreshes_through_a_proxy(configuration: Path, behind: str, tmp_path: Path) -> None:
    """The cookie must be the one for https."""
    with proxying(configuration, behind, tmp_path, page=PAGE) as origin:
        host, port = origin.removeprefix("https://").split(":")
        jar = ("-b", "jar", "-c", "jar", "-H", f"Origin: {origin}")
        known = ("-k", "--resolve", f"{host}:{port}:127.0.0.1", *jar)
        body = json.dumps({"username": f"reader of {tmp_path.name}", "password": PASSWORD})
        sent = ("-H", "Content-Type: application/json", "-d", body)
        signed_in = run("curl", "-sS", "--fail", *known, f"{origin}/auth/register", *sent, cwd=tmp_path)
        assert signed_in.returncode == 0, signed_in.stderr
        assert called(REFRESH, origin) in (tmp_path / "jar").read_text()
        refreshed = run("curl", "-sS", "--fail", *known, "-X", "POST", f"{origin}/auth/refresh", cwd=tmp_path)
        assert "access_token" in refreshed.stdout, refreshed.stderr
        if is_of_the_page(configuration):
            assert answers(f"{origin}/", *known, cwd=tmp_path) == PAGE


def reflect(environ: Any, start_response: Any) -> list[bytes]:
    """Answer with what came in `X-Forwarded-…` headers."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{name}={value}\n".encode() for name, value in environ.items() if name.startswith("HTTP_X_FORWARDED")]


@pytest.fixture
def mirror() -> Iterator[str]:
    """Serve, on the port that is the value, what says what came in."""
    server = make_server("127.0.0.1", 0, reflect, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield str(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


FORWARDED = ("For", "Proto", "Host", "Port", "Prefix", "Method", "Uri")


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=name_of)
def test_nothing_that_a_client_says_of_itself_comes_through_a_proxy(
    configuration: Path, mirror: str, tmp_path: Path
) -> None:
    with proxying(configuration, mirror, tmp_path, page=PAGE) as origin:
        host, port = origin.removeprefix("https://").split(":")
        told = [part for name in FORWARDED for part in ("-H", f"X-Forwarded-{name}: evil")]
        known = ("-k", "--resolve", f"{host}:{port}:127.0.0.1", *told)
        came = answers(f"{origin}/auth/me", *known, cwd=tmp_path)
    assert "HTTP_X_FORWARDED_PROTO=https" in came
    assert "evil" not in came
