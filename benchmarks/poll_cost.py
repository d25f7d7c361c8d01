"""What it costs a process to know which sessions have ended, and how its clock stands to the store's.

``python -m benchmarks.poll_cost`` starts PostgreSQL and Redis, has 10,000 sessions end within the 20 minutes that
matter, prints a table, and takes about half a minute. A time is that of the quickest tenth, for others may be busy on
the machine.
"""

import argparse
import os
import socket
import statistics
import struct
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from sqlalchemy import MetaData, create_engine

from flask_renewal.identity.sessions.revocations import OVERLAP_SECONDS
from flask_renewal.stores.base import Ending, Store
from flask_renewal.stores.database import Database
from flask_renewal.stores.redis import RedisStore
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore

from .rotating import PostgreSQL, Redis, a_session, figure, id_of
from .store_cost import FILL

REACH = timedelta(minutes=20)
"""An access token's life of 15 minutes, and the tolerance of clocks."""
SHORT = timedelta(seconds=OVERLAP_SECONDS + 1)
"""How far a reading goes back when the last one was a second ago."""
ROUNDS = 300

_BYTES_RECEIVED = 128
"""Where Linux has this 64-bit number in its TCP_INFO."""


def measure(name: str, store: Store, now: datetime, received: Callable[[], int]) -> None:
    for what, ask in (
        ("all that have ended in 20 minutes", lambda: len(store.ended_since(now - REACH))),
        ("those of the last two minutes", lambda: len(store.ended_since(now - SHORT))),
        ("of none", lambda: len(store.ended_since(now + REACH))),
        ("the store's clock", lambda: len(str(store.clock()))),
    ):
        ask()
        before, count, times = received(), 0, []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            count = ask()
            times.append(time.perf_counter() - begun)
        size = (received() - before) / ROUNDS
        quick = statistics.quantiles(times, n=10)[0] * 1000
        figure(f"{name}: {what} ({count:,})", f"{quick:.3f} ms, {size:,.0f} B received")


def measure_postgresql(ended: int) -> None:
    server = PostgreSQL()
    try:
        server.start(shared_buffers="256MB")
        engine = create_engine(server.url, pool_size=1)
        table = session_table(MetaData())
        table.metadata.create_all(engine)
        server.sql(FILL.format(first=0, last=10 * ended, expires="2099-01-01", agent="agent"))
        late = "now() - random() * interval '20 minutes'"
        server.sql(
            f"UPDATE renewal_session SET ended_at = {late} WHERE id IN (SELECT id FROM renewal_session LIMIT {ended})"
        )
        server.sql("VACUUM (ANALYZE) renewal_session")

        def received() -> int:
            with (
                engine.connect() as connection,
                socket.socket(fileno=os.dup(connection.connection.driver_connection.pgconn.socket)) as held,
            ):
                told = held.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES_RECEIVED + 8)
            return int(struct.unpack_from("=Q", told, _BYTES_RECEIVED)[0])

        measure("PostgreSQL", SQLStore(Database(engine), table), datetime.now(timezone.utc), received)
        engine.dispose()
    finally:
        server.remove()


def measure_redis(ended: int) -> None:
    server = Redis()
    try:
        store = RedisStore(server.start().url, prefix="renewal")
        now = datetime.now(timezone.utc)
        for number in range(ended):
            store.start(a_session(number), keep=1000)
            store.end(Ending(reason="logout", now=now - REACH * number / ended, session_id=id_of("s", number)))

        def received() -> int:
            lines = server.cli("info", "stats").splitlines()
            return next(int(line.split(":")[1]) for line in lines if line.startswith("total_net_output_bytes:"))

        measure("Redis", store, now, received)
    finally:
        server.remove()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ended", type=int, default=10_000, help="sessions that have ended in 20 minutes")
    ended = parser.parse_args().ended
    measure_postgresql(ended)
    measure_redis(ended)


if __name__ == "__main__":
    main()
