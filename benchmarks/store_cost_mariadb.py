"""What a session costs on MariaDB; `python -m benchmarks.store_cost` prints it along with the others."""

import time

from .rotating import MEASURED, USER_AGENT, MariaDB, Rotator, figure, name_of, rotate_in_turn, sql_store

CONFIGURED = {"innodb-buffer-pool-size": "1G", "innodb-log-file-size": "2G"}

FILL = """
INSERT INTO renewal_session (id, user_id, created_at, authenticated_at, expires_at, remember, superseded, current,
    next, rotated_at, last_used_at, idle_expires_at, user_agent)
SELECT left(md5(concat('s', seq)), 22), left(md5(concat('u', seq DIV 3)), 22), '2029-12-30', '2029-12-30', {expires},
    true, left(md5(concat('a', seq)), 22), left(md5(concat('b', seq)), 22), left(md5(concat('c', seq)), 22),
    '2029-12-30', '2029-12-30', {expires}, '{agent}'
FROM seq_0_to_{last}
"""
AT_ONCE = "SET SESSION unique_checks = 0, foreign_key_checks = 0;"
"""With this an empty table is filled in the order of its keys: a minute instead of half an hour, and pages are fuller
than sessions that begin one by one make them."""


def measure_mariadb(sizes: list[int]) -> None:
    server = MariaDB()
    try:
        server.start(**CONFIGURED)
        rotators = [filled(server, size) for size in sizes]
        rotate_in_turn("MariaDB", rotators)
        figure("MariaDB: bytes per session, indexes included", f"{size_of(server, rotators[-1]):.0f}")
        _measure_log(server, rotators[-1])
    finally:
        server.remove()


def filled(server: MariaDB, size: int, *, expired: int = 0) -> Rotator:
    """Fill a database of its own with living sessions, and as many that are over."""
    server.sql(f"CREATE DATABASE {name_of(size)}")
    store = sql_store(url_of(server, size))[0]
    expires = f"if(seq < {size}, '2030-02-01', '2020-01-01')"
    statement = FILL.format(last=size + expired - 1, expires=expires, agent=USER_AGENT)
    assert server.sql(f"{AT_ONCE if expired else ''}{statement}", database=name_of(size)) is not None
    server.sql("ANALYZE TABLE renewal_session", database=name_of(size))
    return Rotator(store, size)


def url_of(server: MariaDB, size: int) -> str:
    return server.url.removesuffix("renewal") + name_of(size)


def size_of(server: MariaDB, rotator: Rotator) -> float:
    """Return how many bytes a session takes."""
    sizes = "SELECT data_length + index_length FROM information_schema.tables WHERE table_name = 'renewal_session'"
    taken = server.sql(f"{sizes} AND table_schema = '{name_of(rotator.sessions)}'")
    return int(taken or 0) / rotator.sessions


def _measure_log(server: MariaDB, rotator: Rotator) -> None:
    before, began = _logged(server), time.perf_counter()
    for _ in range(MEASURED):
        rotator.rotate()
    rate = MEASURED / (time.perf_counter() - began)
    figure("MariaDB: redo log for one rotation", f"{(_logged(server) - before) / MEASURED:.0f} B")
    figure("MariaDB: rotations each second on one connection, each commit on disk", f"{rate:.0f}")


def _logged(server: MariaDB) -> int:
    told = server.sql("SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'")
    return int((told or "x 0").split()[-1])
