"""What a session costs on MariaDB; `python -m benchmarks.store_cost` prints it along with the others."""

import time

from .rotating import MEASURED, USER_AGENT, MariaDB, Rotator, figure, name_of, rotate_in_turn, sql_store

CONFIGURED = {"innodb-buffer-pool-size": "1G", "innodb-log-file-size": "2G"}

FILL = """
INSERT INTO renewal_session (id, user_id, created_at, authenticated_at, expires_at, remember, superseded, current,
    next, rotated_at, last_used_at, idle_expires_at, user_agent)
SELECT left(md5(concat('s', seq)), 22), left(md5(concat('u', seq DIV 3)), 22), '2029-12-30', '2029-12-30', '{expires}',
    true, left(md5(concat('a', seq)), 22), left(md5(concat('b', seq)), 22), left(md5(concat('c', seq)), 22),
    '2029-12-30', '2029-12-30', '{expires}', '{agent}'
FROM seq_{first}_to_{last}
"""


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


def filled(server: MariaDB, size: int) -> Rotator:
    """Fill a database of its own with sessions."""
    server.sql(f"CREATE DATABASE {name_of(size)}")
    store = sql_store(url_of(server, size))[0]
    fill(server, size, 0, size - 1, expires="2030-02-01")
    server.sql("ANALYZE TABLE renewal_session", database=name_of(size))
    return Rotator(store, size)


def fill(server: MariaDB, size: int, first: int, last: int, *, expires: str) -> None:
    statement = FILL.format(first=first, last=last, expires=expires, agent=USER_AGENT)
    assert server.sql(statement, database=name_of(size)) is not None


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
