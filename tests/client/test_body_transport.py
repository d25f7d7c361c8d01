"""Processes of Node that share one storage, against a real server: no cookie jar, one session."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from everything import need_node
from servers import PASSWORD, Server, serving

PROCESS = Path(__file__).with_name("process.js")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    settings = {"RENEWAL_BODY_TRANSPORT": True, "RATELIMIT_ENABLED": False}
    with serving(tmp_path / "server", **settings) as server:
        server.register("alice")
        yield server


class Processes:
    """Starts them, all with the same storage."""

    def __init__(self, server: Server, storage: Path) -> None:
        storage.mkdir()
        self._command = [need_node(20, 3), PROCESS, server.address, storage]

    def start(self, *what: str) -> subprocess.Popen[str]:
        return subprocess.Popen([*self._command, *what], stdout=subprocess.PIPE, text=True)

    def run(self, *what: str) -> Any:
        return self.heard(self.start(*what))

    @staticmethod
    def heard(process: subprocess.Popen[str]) -> Any:
        """Return what a process has printed when it was done."""
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return json.loads(printed)


@pytest.fixture
def processes(server: Server, tmp_path: Path) -> Processes:
    processes = Processes(server, tmp_path / "storage")
    assert processes.run("login", "alice", PASSWORD) == [True, "login"]
    return processes


def test_processes_that_renew_at_the_same_time_stay_signed_in(processes: Processes) -> None:
    renewing = [processes.start("renew", "40") for _ in range(2)]
    assert [processes.heard(process) for process in renewing] == [[True, "renewed"]] * 2
    assert processes.run("restore") == [True, "restored"]


def test_what_one_process_ends_no_other_one_brings_back(processes: Processes) -> None:
    renewing = processes.start("renew", "200")
    assert processes.run("logout") == [False, "logout"]
    assert processes.heard(renewing)[0] is False
    assert processes.run("restore")[0] is False
