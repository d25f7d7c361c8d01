"""A private PostgreSQL for one run: durable defaults, a random loopback port, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL installed, if there is one."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


@contextmanager
def postgres() -> Iterator[str]:
    """Run a cluster; yield its URL without a scheme's driver, ``postgresql://…``."""
    tools = binaries()
    if tools is None:
        raise SystemExit("PostgreSQL is not installed; run with --without-postgresql.")
    folder = tempfile.mkdtemp(prefix="renewal-benchmark-pg-")
    data, port, who = f"{folder}/data", free_port(), _unprivileged(folder)
    subprocess.run(
        [tools / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **who,
    )  # fmt: skip
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", f"unix_socket_directories={folder}"]
    options += ["-c", "max_connections=300"]
    with open(f"{folder}/log", "wb") as log:
        server = subprocess.Popen([tools / "postgres", "-D", data, *options], stderr=log, cwd=folder, **who)
    try:
        _wait(port)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown: clients are not waited for
        server.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: str) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: let it run as its own user there."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _wait(port: int) -> None:
    for _ in range(START_SECONDS * 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("PostgreSQL did not start.")
