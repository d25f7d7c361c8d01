"""Recipes for scripts: curl, requests and httpx, each until after its access token is dead."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from everything import need
from patience import PATIENCE
from servers import PASSWORD, Server, serving

from .settings import RECIPES

LIFE = 2
"""Seconds that an access token lives."""

SCRIPTS = RECIPES / "scripts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("scripts"), JWT_ACCESS_TOKEN_EXPIRES=LIFE) as server:
        server.register("alice")
        yield server


@pytest.fixture
def environ(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    own = {"API": server.address.rstrip("/"), "JAR": str(tmp_path / "jar"), "RENEWAL_PASSWORD": PASSWORD}
    return {**os.environ, **own}


@pytest.fixture
def curl(environ: dict[str, str]) -> Callable[..., str]:
    need("curl")

    def run(*words: str, content: str = "") -> str:
        command = ["sh", SCRIPTS / "with_curl.sh", *words]
        done = subprocess.run(command, env=environ, input=content, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else f"exit {done.returncode}"

    return run


def test_with_curl_a_shell_stays_signed_in(curl: Callable[..., str], environ: dict[str, str]) -> None:
    curl("sign-in", content=json.dumps({"username": "alice", "password": PASSWORD}))
    assert json.loads(curl("get", "/auth/me"))["user"]["username"] == "alice"
    time.sleep(LIFE)
    assert json.loads(curl("get", "/auth/me"))["user"]["username"] == "alice"
    assert {path.stat().st_mode & 0o077 for path in Path(environ["JAR"]).parent.iterdir()} == {0}
    assert curl("sign-out") == ""
    assert curl("get", "/auth/me").startswith("exit")


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_the_script_runs_as_it_stands(environ: dict[str, str], library: str) -> None:
    command = [sys.executable, SCRIPTS / f"with_{library}.py", "alice"]
    printed = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed)["user"]["username"] == "alice"


def test_with_requests_a_script_outlives_its_access_token(environ: dict[str, str]) -> None:
    api = import_module("with_requests").Api(environ["API"])
    api.sign_in("alice", PASSWORD)
    assert api.request("GET", "/auth/me").json()["session"]["device"] == "script"
    time.sleep(LIFE)
    assert api.request("GET", "/auth/me").json()["session"]["device"] == "script"
    api.sign_out()


def test_with_httpx_a_script_outlives_its_access_token(environ: dict[str, str]) -> None:
    auth = import_module("with_httpx").RenewingAuth(environ["API"], "alice", PASSWORD)
    with httpx.Client(base_url=environ["API"], auth=auth, timeout=PATIENCE) as client:
        assert client.get("/auth/me").json()["session"]["device"] == "script"
        time.sleep(LIFE)
        assert client.get("/auth/me").json()["session"]["device"] == "script"
        assert client.post("/auth/logout").status_code == 204
