"""PgBouncer, on loopback, before a cluster of the tests' own."""

import socket
import subprocess
from contextlib import suppress

from engines import PostgreSQL, wait_until_it_runs
from everything import need
from patience import PATIENCE
from ports import free_port


class PgBouncer:
    """A pooler that lends connections to a cluster for one transaction at a time, two in all."""

    def __init__(self, cluster: PostgreSQL) -> None:
        self._program, self._cluster = need("pgbouncer"), cluster
        self.port = free_port()
        self._settings = cluster.folder / f"pgbouncer-{self.port}.ini"
        self._settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={cluster.port} user=postgres\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> "PgBouncer":
        said = self._cluster.folder / "pgbouncer-log"
        with said.open("ab") as log:
            command = [self._program, str(self._settings)]
            self._process = subprocess.Popen(command, user=self._cluster.user, stdout=log, stderr=log)
        wait_until_it_runs(self._process, self._answers, said)
        return self

    def _answers(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        return False

    def remove(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=PATIENCE)
