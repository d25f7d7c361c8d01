"""Real database servers of our own, on loopback: started for the tests, and killed in the middle of them."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from everything import need
from patience import PATIENCE
from ports import free_port


def wait_until(happens: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if happens():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} in {PATIENCE} seconds")


def wait_until_it_runs(process: subprocess.Popen[bytes], runs: Callable[[], bool], log: Path) -> None:
    """Wait until a server answers; fail at once with what it has written where it ends instead."""
    name = Path(str(process.args[0])).name  # type: ignore[index, arg-type]
    wait_until(lambda: process.poll() is not None or runs(), f"{name} did not start")
    assert process.poll() is None, f"{name} ended with {process.returncode}:\n{log.read_text(errors='replace')}"


class PostgreSQL:
    """A cluster of its own, in a folder of its own, which can be stopped and started again."""

    def __init__(self, *, primary: "PostgreSQL | None" = None) -> None:
        """Make a new cluster, or a standby of a running one, which follows it once it is started."""
        self._initdb, self._postgres, self._psql = map(self.program, ("initdb", "postgres", "psql"))
        self.folder = Path(tempfile.mkdtemp(prefix="renewal-postgresql-"))
        self.user = None
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            self.user = pwd.getpwnam("postgres").pw_uid
            os.chown(self.folder, self.user, -1)
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        if primary is None:
            self._run(self._initdb, "-D", str(self._data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        else:
            copy = (self.program("pg_basebackup"), "-D", str(self._data), "-d", primary._conninfo)
            self._run(*copy, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")

    @staticmethod
    def program(name: str) -> str:
        """Return the path of one of PostgreSQL's programs, of the newest version that there is."""
        return need(name, folders=sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def _conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres"

    def start(self, **options: str) -> "PostgreSQL":
        """Start the server with these options, and wait until it takes connections."""
        settings = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **options}
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            command = [self._postgres, "-D", str(self._data), *told]
            self._process = subprocess.Popen(command, user=self.user, stdout=log, stderr=log, cwd=self.folder)
        wait_until_it_runs(self._process, lambda: self.sql("SELECT 1") == "1", self.folder / "log")
        return self

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server: SIGQUIT as a crash would, SIGINT properly."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def sql(self, statement: str, *, database: str = "postgres") -> str | None:
        """Return what a statement prints, or `None` where it fails."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        may_write = {**os.environ, "PGOPTIONS": "-c default_transaction_read_only=off"}
        done = subprocess.run(
            [self._psql, *where, "-XAtqc", statement], capture_output=True, text=True, check=False, env=may_write
        )
        return done.stdout.strip() if done.returncode == 0 else None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        subprocess.run(command, user=self.user, check=True, capture_output=True, cwd=self.folder)


class MariaDB:
    """A server of its own, in a folder of its own, which can be stopped and started again."""

    def __init__(self) -> None:
        self._server, self._client = need("mariadbd"), need("mariadb")
        self.folder = Path(tempfile.mkdtemp(prefix="renewal-mariadb-"))
        # temporary tables of its own, for one that starts deletes those of all in the same folder; and of what the
        # kernel keeps for asynchronous writes there is not enough for many servers of one user
        places = [f"--datadir={self.folder / 'data'}", f"--tmpdir={self.folder}"]
        self._own = ["--no-defaults", *places, "--innodb-use-native-aio=0"]
        if os.getuid() == 0:  # MariaDB runs as root only where it is told so
            self._own.append("--user=root")
        self._process: subprocess.Popen[bytes] | None = None
        install = (need("mariadb-install-db"), *self._own, "--auth-root-authentication-method=normal", "--skip-test-db")
        done = subprocess.run(install, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/renewal"

    def start(self, **options: str) -> "MariaDB":
        """Start the server with these options, and wait until it takes connections."""
        place = {"port": str(self.port), "bind-address": "127.0.0.1", "socket": str(self.folder / "socket")}
        told = [
            f"--{name}={value}" for name, value in {**place, "pid-file": str(self.folder / "pid"), **options}.items()
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([self._server, *self._own, *told], stdout=log, stderr=log)
        wait_until_it_runs(self._process, lambda: self.sql("SELECT 1", database="") == "1", self.folder / "log")
        assert self.sql("CREATE DATABASE IF NOT EXISTS renewal", database="") is not None
        return self

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Stop the server: SIGKILL as a crash would, SIGTERM properly."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def sql(self, statement: str, *, database: str = "renewal") -> str | None:
        """Return what a statement prints, or `None` where it fails."""
        where = ["--no-defaults", "--host=127.0.0.1", f"--port={self.port}", "--user=root", "--batch"]
        command = [self._client, *where, "--skip-column-names", "--execute", statement, database]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    def empty(self) -> None:
        """Drop the database with all that is in it, and make it anew."""
        assert self.sql("DROP DATABASE renewal; CREATE DATABASE renewal", database="") is not None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A Redis server in a folder of its own."""

    def __init__(self, *options: str) -> None:
        self._program = need("redis-server")
        self._client = need("redis-cli")
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="renewal-redis-"))
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *options: str) -> "Redis":
        own = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "")
        with (self.folder / "log").open("ab") as log:
            command = [self._program, *own, *self._options, *options]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until_it_runs(self._process, lambda: self.cli("ping") == "PONG", self.folder / "log")
        return self

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=PATIENCE)
            self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server answer nobody meanwhile, as one behind a broken network."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def cli(self, *command: str) -> str:
        done = subprocess.run(
            [self._client, "-p", str(self.port), *command], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class RedisCluster:
    """A cluster of three nodes, each with a third of the slots."""

    def __init__(self) -> None:
        self.nodes = [Redis("--cluster-enabled", "yes", "--cluster-node-timeout", "2000") for _ in range(3)]

    @property
    def url(self) -> str:
        return self.nodes[0].url

    def start(self) -> "RedisCluster":
        for node in self.nodes:
            node.start("--cluster-port", str(free_port()))
        addresses = [f"127.0.0.1:{node.port}" for node in self.nodes]
        self.nodes[0].cli("--cluster", "create", *addresses, "--cluster-yes")
        wait_until(lambda: all("cluster_state:ok" in node.cli("cluster", "info") for node in self.nodes), "no cluster")
        return self

    def remove(self) -> None:
        for node in self.nodes:
            node.remove()
