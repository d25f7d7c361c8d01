"""Connections that the statements of the store have for themselves."""

import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Engine, Pool, QueuePool, event

from ..per_process import PerProcess, new_lock

MOST_OF_A_FILE = 32
"""Connections to a SQLite file: there is no server to count them, and a thread that waits for its turn holds one."""


@dataclass(kw_only=True, slots=True)
class Kept:
    """A connection of the driver that commits each statement by itself."""

    connection: Any
    pool: Pool
    """That it was taken from: the engine has another one once it was disposed of."""
    since: float = field(default_factory=time.monotonic)


class Connections:
    """Takes connections out of the pool of an engine that a host may share, and lends them to one thread at a time.

    To check one out, let it commit by itself, and put all of that back with every statement would take a refresh 6 to
    11 % of its rate. Of a server as many are kept as the host's pool keeps of its own (`pool_size`); who finds them all
    lent goes through the pool. None are where there is nothing to gain or something to lose: without a `QueuePool`, as
    for a database in memory or behind a pooler, and where the host listens to what its pool does.
    """

    def __init__(self, engine: Engine, *, set_up: Callable[[Any], None] | None = None) -> None:
        """Keep some of `engine`; `set_up` changes the driver's connection when it is taken out of the pool."""
        self._set_up = set_up
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._idle: deque[Kept] = deque()
        self._count = 0
        self._changing = PerProcess(new_lock)
        self._forked_as = os.getpid()
        self._inherited: list[Kept] = []
        event.listen(engine, "engine_disposed", self._forget)

    def take(self) -> Kept | None:
        """Return a connection that nobody else has until it is given back; ``None`` where the pool is to be asked.

        Raises SQLAlchemy's errors where none can be had.
        """
        if self._forked_as != os.getpid():
            self._leave_to_parent()
        while True:
            try:
                kept = self._idle.pop()
            except IndexError:
                return self._another()
            if not self._is_old(kept):
                return kept
            self.close(kept)

    def give_back(self, kept: Kept) -> None:
        """Let others have this connection, after its statement and nothing else was executed."""
        if kept.pool is self._engine.pool:
            self._idle.append(kept)
        else:
            self.close(kept)

    def close(self, kept: Kept, *, died: bool = False) -> None:
        """Close a connection that was lent; if it had died, those that are as old, the pool's too, are used no more."""
        with self._changing():
            self._count -= 1
        with suppress(Exception):
            self._engine.dialect.do_close(kept.connection)
        if died:
            self._close_idle()
            self._engine.pool._invalidate(cast(Any, None))  # none in particular, but all that are older than now

    def _is_old(self, kept: Kept) -> bool:
        recycle = self._engine.pool._recycle
        return recycle != -1 and time.monotonic() - kept.since > recycle

    def _another(self) -> Kept | None:
        pool = self._engine.pool
        with self._changing():
            if self._count >= _most(self._engine):
                return None
            self._count += 1
        try:
            connection = self._engine.connect()
            raw = connection.connection.dbapi_connection
            connection.detach()
            if self._set_up:
                self._set_up(raw)
        except BaseException:
            with self._changing():
                self._count -= 1
            raise
        return Kept(connection=raw, pool=pool)

    def _forget(self, _: Engine) -> None:
        if self._forked_as != os.getpid():
            self._leave_to_parent()
        self._close_idle()

    def _close_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self.close(self._idle.pop())

    def _leave_to_parent(self) -> None:
        """Begin anew after a fork; what the parent had is not even closed here, for that might reach the database."""
        with self._changing():
            if self._forked_as != os.getpid():
                self._inherited.extend(self._idle)
                self._idle, self._count, self._forked_as = deque(), 0, os.getpid()


def _most(engine: Engine) -> int:
    pool = engine.pool
    if not isinstance(pool, QueuePool):
        return 0
    heard = pool.dispatch
    if heard.checkout or heard.checkin or heard.reset:
        return 0
    return MOST_OF_A_FILE if engine.dialect.name == "sqlite" else pool.size()
