"""What lies behind a gateway is told who asks, by the gateway alone, and our application what the gateway describes."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from doc_blocks import ROOT, run
from everything import need
from reverse_proxies import behind_a_proxy, proxying
from servers import PASSWORD

CONFIGURATIONS = sorted((ROOT / "examples" / "gateway").iterdir())
MADE_UP = {
    "X-Auth-User": "admin",
    "X-Auth-Username": "admin",
    "X-Auth-Session": "admin",
    "X_Auth_User": "admin",
    "X-Auth_User": "admin",
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Prefix": "/evil",
}
"""By a client; servers behind may take an underscore for a hyphen."""
NAVIGATION = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


class _Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    """Serve what answers with the headers that reach it; the value is the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield str(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with behind_a_proxy(tmp_path_factory.mktemp("app")) as port:
        yield port


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda path: path.suffix[1:])
def test_nobody_makes_up_who_asks(configuration: Path, behind: str, echo: str, tmp_path: Path) -> None:
    with proxying(configuration, behind, tmp_path, page="", site=echo) as origin:
        host, port = origin.removeprefix("https://").split(":")

        def ask(path: str, *options: str, **headers: str) -> str:
            sent = [f"{name}: {value}" for name, value in {"Origin": origin, **NAVIGATION, **headers}.items()]
            known = ["-sSik", "--resolve", f"{host}:{port}:127.0.0.1", "-b", "jar", "-c", "jar"]
            named = [part for header in sent for part in ("-H", header)]
            return run(need("curl"), *known, *named, *options, f"{origin}{path}", cwd=tmp_path).stdout

        signed_out = ask("/report", **MADE_UP)
        assert "evil" not in signed_out
        assert "admin" not in signed_out
        name = f"reader {configuration.suffix}"
        ask("/register", "--data-urlencode", f"username={name}", "--data-urlencode", f"password={PASSWORD}")
        told = dict(json.loads(ask("/report", **MADE_UP).splitlines()[-1]))
        assert told["X-Auth-Username"] == name
        assert {"X-Auth-User", "X-Auth-Session"} <= told.keys()
        assert [value for value in told.values() if value in MADE_UP.values()] == []
        assert "Cookie" not in told
