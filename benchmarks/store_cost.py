"""What a session costs on PostgreSQL, MariaDB, SQLite and Redis: time, bytes, log, and how little size matters.

``python -m benchmarks.store_cost`` starts servers of its own, prints a table, and takes about three minutes; with
``--quick`` about one, with fewer rows.
"""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

from flask_renewal.stores.redis import RedisStore

from .rotating import (
    MEASURED,
    USER_AGENT,
    PostgreSQL,
    Redis,
    Rotator,
    a_session,
    figure,
    milliseconds,
    name_of,
    rotate_in_turn,
    sql_store,
)
from .store_cost_mariadb import measure_mariadb

CONFIGURED = {"shared_buffers": "1GB", "autovacuum_naptime": "1s", "max_wal_size": "16GB"}

FILL = """
INSERT INTO renewal_session (id, user_id, created_at, authenticated_at, expires_at, remember, superseded, current,
    next, rotated_at, last_used_at, idle_expires_at, device, user_agent)
SELECT left(md5('s' || n), 22), left(md5('u' || n / 3), 22), '2029-12-30', '2029-12-30', '{expires}', true,
    left(md5('a' || n), 22), left(md5('b' || n), 22), left(md5('c' || n), 22), '2029-12-30', '2029-12-30', '{expires}',
    NULL, '{agent}'
FROM generate_series({first}, {last}) AS n
"""

RATE = """
\\set n random(0, {most})
UPDATE renewal_session SET superseded = current, current = next, next = left(md5(random()::text), 22),
    rotated_at = now(), last_used_at = now(), idle_expires_at = now() + interval '7 days'
WHERE id = left(md5('s' || :n), 22) AND next IS NOT NULL AND rotated_at < now() + interval '10 years'
    AND ended_at IS NULL AND idle_expires_at > now() AND (expires_at IS NULL OR expires_at > now()) RETURNING *;
"""


def measure_postgresql(sizes: list[int]) -> None:
    server = PostgreSQL()
    try:
        server.start(**CONFIGURED, checkpoint_timeout="30min")
        rotators = [filled(server, size) for size in sizes]
        rotate_in_turn("PostgreSQL", rotators)
        _measure_sizes(server, rotators[-1].sessions)
        _measure_writing(server, rotators)
        _measure_rate(server, rotators[1])
    finally:
        server.remove()


def filled(server: PostgreSQL, size: int) -> Rotator:
    """Fill a database of its own with sessions."""
    server.sql(f"CREATE DATABASE {name_of(size)}")
    store = sql_store(server.url.removesuffix("postgres") + name_of(size))[0]
    fill(server, size, 0, size - 1, expires="2030-02-01")
    server.sql("VACUUM (ANALYZE) renewal_session", database=name_of(size))
    return Rotator(store, size)


def _measure_sizes(server: PostgreSQL, most: int) -> None:
    for what, expression in (("rows and their page space", "pg_table_size"), ("indexes", "pg_indexes_size")):
        size_in_bytes = int(server.sql(f"SELECT {expression}('renewal_session')", database=name_of(most)) or 0)
        figure(f"PostgreSQL: bytes per session, {what}", f"{size_in_bytes / most:.0f}")


def fill(server: PostgreSQL, size: int, first: int, last: int, *, expires: str) -> None:
    statement = FILL.format(first=first, last=last, expires=expires, agent=USER_AGENT)
    assert server.sql(statement, database=name_of(size)) is not None


def _measure_writing(server: PostgreSQL, rotators: list[Rotator]) -> None:
    few, many = rotators[0], rotators[-1]
    for compression in ("off", "on"):
        server.sql(f"ALTER SYSTEM SET wal_compression = {compression}")
        server.sql("SELECT pg_reload_conf()")
        server.sql("CHECKPOINT")
        what = f"first touch of the page since a checkpoint, wal_compression {compression}"
        figure(f"PostgreSQL: log for one rotation, {what}", f"{log_of(server, many, 1000):.0f} B")
    log_of(server, few, 2000)
    server.sql("SELECT pg_stat_reset()", database=name_of(few.sessions))
    figure("PostgreSQL: log for one rotation, page touched before", f"{log_of(server, few, 10_000):.0f} B")
    time.sleep(2)
    counted = server.sql(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'renewal_session'",
        database=name_of(few.sessions),
    )
    updates, heap_only = map(int, (counted or "0|0").split("|"))
    figure(f"PostgreSQL: share of heap-only updates after {updates:,} rotations", f"{heap_only / max(updates, 1):.4f}")


def _measure_rate(server: PostgreSQL, rotator: Rotator) -> None:
    """Let pgbench run the statement of a rotation, without Python, from 16 connections, each commit on disk."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(RATE.format(most=rotator.sessions - 1))
        script.flush()
        where = ["-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", name_of(rotator.sessions)]
        how = ["-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", "15", "-f", script.name]
        said = subprocess.run([server.program("pgbench"), *how, *where], capture_output=True, text=True, check=True)
    rate = re.search(r"tps = ([0-9.]+)", said.stdout)
    figure(
        "PostgreSQL: rotations each second, 16 connections, server and pgbench on this machine",
        rate[1] if rate else "?",
    )


def log_of(server: PostgreSQL, rotator: Rotator, rotations: int) -> float:
    """Return how many bytes of write-ahead log a rotation adds."""
    begun = server.sql("SELECT pg_current_wal_insert_lsn()")
    for _ in range(rotations):
        rotator.rotate()
    return float(server.sql(f"SELECT pg_current_wal_insert_lsn() - '{begun}'::pg_lsn") or 0) / rotations


def measure_sqlite(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.db"
        store, close = sql_store(f"sqlite:///{file}")
        for number in range(size):
            store.start(a_session(number), keep=1000)
        rotator = Rotator(store, size)
        times = [rotator.rotate() for _ in range(MEASURED)]
        close()
        figure(f"SQLite: one rotation with {size:,} sessions stored, median", f"{milliseconds(times):.3f} ms")
        figure("SQLite: bytes per session, indexes included", f"{file.stat().st_size / size:.0f}")


def measure_redis(size: int, *options: str) -> None:
    server = Redis()
    said = f"Redis {' '.join(options)}".strip()
    try:
        server.start("--appendonly", "yes", *options)
        store = RedisStore(server.url, prefix="renewal")
        empty = used(server)
        for number in range(size):
            store.start(a_session(number), keep=1000)
        rotator = Rotator(store, size)
        times = [rotator.rotate() for _ in range(MEASURED)]
        figure(f"{said}: one rotation with {size:,} sessions stored, median", f"{milliseconds(times):.3f} ms")
        figure(f"{said}: bytes per session, indexes included", f"{(used(server) - empty) / size:.0f}")
    finally:
        server.remove()


def used(server: Redis) -> int:
    lines = server.cli("info", "memory").splitlines()
    return next(int(line.split(":")[1]) for line in lines if line.startswith("used_memory:"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 rows instead of 1,000,000")
    quick = parser.parse_args().quick
    sizes = [1_000, 10_000, 100_000] if quick else [1_000, 100_000, 1_000_000]
    measure_postgresql(sizes)
    measure_mariadb(sizes)
    measure_sqlite(1_000 if quick else 10_000)
    for options in ((), ("--hash-max-listpack-value", "256")):
        measure_redis(1_000 if quick else 10_000, *options)


if __name__ == "__main__":
    main()
