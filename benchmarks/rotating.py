"""Sessions that rotate in a store, one after the other, and how a figure is told."""

import hashlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import MetaData, create_engine

from flask_renewal.rotation import Verdict
from flask_renewal.stores.base import LONG_AGO, Session, Store, Swap, Use
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from engines import MariaDB, PostgreSQL, Redis

__all__ = ["MariaDB", "PostgreSQL", "Redis"]

NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)
MEASURED = 2000
"""Rotations for each figure."""
WARMING = 200
"""Rotations before those."""
USER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


def id_of(kind: str, number: int) -> str:
    """Return an id as long and as random as real ones, which can be told again."""
    return hashlib.md5(f"{kind}{number}".encode()).hexdigest()[:22]


def a_session(number: int) -> Session:
    """Return a session as it is after some rotations, with ids as long as real ones."""
    return Session(
        id=id_of("s", number), user_id=id_of("u", number // 3), device=None, user_agent=USER_AGENT,
        remember=True, created_at=NOW, last_used_at=NOW, authenticated_at=NOW, superseded=id_of("a", number),
        current=id_of("b", number), next=id_of("c", number), rotated_at=LONG_AGO,
        idle_expires_at=NOW + timedelta(days=7), expires_at=NOW + timedelta(days=30),
    )  # fmt: skip


class Rotator:
    """Rotates sessions of a store, one after the other, each with its newest token."""

    def __init__(self, store: Store, sessions: int = 0) -> None:
        self.store, self.sessions = store, sessions
        self._tokens: dict[int, str] = {}
        self._now = NOW

    def rotate(self) -> float:
        """Rotate a random session; return the seconds that it took."""
        number = random.randrange(self.sessions)
        presented = self._tokens.get(number, id_of("c", number))
        self._tokens[number] = fresh = id_of("t", random.getrandbits(64))
        self._now += timedelta(milliseconds=1)  # however many rotations, no session comes to its end
        use = Use.at(self._now, idle=timedelta(days=7), short_idle=timedelta(hours=12))
        swap = Swap(
            session_id=id_of("s", number), verdict=Verdict.ROTATE, presented=presented, fresh=fresh,
            window=timedelta(0), use=use,
        )  # fmt: skip
        begun = time.perf_counter()
        assert self.store.rotate(swap) is not None
        return time.perf_counter() - begun


def rotate_in_turn(engine: str, rotators: list[Rotator]) -> None:
    """Rotate in each database in turn, so that whatever else the machine does falls on all alike; tell the medians."""
    times: dict[int, list[float]] = {rotator.sessions: [] for rotator in rotators}
    for turn in range(MEASURED + WARMING):
        for rotator in rotators:
            seconds = rotator.rotate()
            if turn >= WARMING:
                times[rotator.sessions].append(seconds)
    medians = {sessions: milliseconds(taken) for sessions, taken in times.items()}
    for sessions, median in medians.items():
        figure(f"{engine}: one rotation with {sessions:,} sessions stored, median", f"{median:.3f} ms")
    figure(f"{engine}: slowest of these against fastest", f"{max(medians.values()) / min(medians.values()):.2f}")


def name_of(size: int) -> str:
    """Return the name of the database with so many sessions."""
    return f"sessions_{size}"


def sql_store(url: str) -> tuple[SQLStore, Callable[[], None]]:
    engine = create_engine(url)
    table = session_table(MetaData())
    database = Database(engine)
    table.metadata.create_all(engine)
    return SQLStore(database, table), engine.dispose


def figure(what: str, value: str) -> None:
    print(f"{what:<66} {value}", flush=True)


def milliseconds(times: list[float], share: float = 0.5) -> float:
    return statistics.quantiles(times, n=100)[round(share * 100) - 1] * 1000
