"""SQLite on a disk that is full: a limit on the size of files stands for it, for the limit can be lifted again."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from servers import UNHURRIED, Server, serving
from storms import sessions_lost, storming

resource = pytest.importorskip("resource", reason="limits of processes are POSIX's")


def limit_files(server: Server, size: int) -> None:
    """Let the server write no file beyond so many bytes; the kernel then refuses, as on a full disk."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
def test_a_full_disk_refuses_for_now_and_corrupts_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, **UNHURRIED) as server:
        visitors = [server.register(f"visitor{number}") for number in range(6)]
        with storming(server, visitors) as storm:
            time.sleep(0.3)
            limit_files(server, 4096)
            storm.wait_for(503)
            assert server.get("/readyz").status in (200, 503)
            assert server.post("/auth/logout", refresh=visitors[0].refresh).status == 503
            limit_files(server, resource.RLIM_INFINITY)
            time.sleep(0.5)
        storm.check_that_nobody_was_sent_away()
        assert sessions_lost(visitors, server) == 0
    with closing(sqlite3.connect(tmp_path / "instance" / "flask-renewal.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT count(*) FROM renewal_session").fetchone() == (6,)
