"""Connections that commit each statement by itself."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event, exc

from ..ground.per_process import PerProcess
from .dialect import Answer, Dialect

_listeners = attrgetter("before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute")
"""Returns who listens to the events of an engine that tell of statements."""


class Connections:
    """Lends connections for one statement, to one thread at a time.

    They come from an engine of the store's own, whose pool is made as the host's: to take one of the host's, let it
    commit by itself and put that back with every statement would take a refresh 9 % of its rate. They are the host's
    where it does not keep any (`NullPool`, behind a pooler), translates schemas, or listens to its engine's statements.

    Where the host has put a connection in its engine's place, to roll back whatever is done meanwhile, ours are done on
    that, too, and each by itself is a savepoint.
    """

    def __init__(self, engine: Engine, dialect: Dialect, in_place: Callable[[], object]) -> None:
        """Lend connections to the database of a host's engine; `in_place` returns what the host has there now."""
        self._hosts = engine
        self._in_place = in_place
        self._dialect = dialect
        self._hosts_committing = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._own = PerProcess(self._make) if dialect.paramstyle and isinstance(engine.pool, QueuePool) else None
        self._shared = Shared(engine) if isinstance(engine.pool, StaticPool) else None

    @property
    def are_shared(self) -> bool:
        """Whether a transaction of the host's is on the same connection."""
        return self._shared is not None or self._joined() is not None

    def alone(self, commit: Callable[[], Answer]) -> Answer:
        """Do what commits on a connection of the host's; raises SQLAlchemy's errors where it would commit others'."""
        if self._shared is not None and self._shared.has_open():
            raise exc.InvalidRequestError(
                "the database in memory has one connection, on which something was written and not committed: commit"
                " that first"
            )
        return commit()

    def own(self) -> Engine | None:
        """Return the engine of the store's own, unless the host's is to be used."""
        hosts = self._hosts
        is_hosts = isinstance(self._in_place(), Connection) or any(_listeners(hosts.dispatch))
        if self._own is None or is_hosts or "schema_translate_map" in hosts.get_execution_options():
            return None
        return self._own()

    def lend(self) -> AbstractContextManager[Connection]:
        """Return a connection for one statement; raises SQLAlchemy's errors where none can be had."""
        joined = self._joined()
        if joined is not None:
            return _savepoint(joined)
        return self._shared.lend() if self._shared is not None else (self.own() or self._hosts_committing).connect()

    def transact(self) -> AbstractContextManager[Connection]:
        """Return a connection for several statements that all happen or none."""
        joined = self._joined()
        if joined is not None:
            return _savepoint(joined)
        return (self.own() or self._hosts).execution_options(isolation_level="READ COMMITTED").begin()

    def _joined(self) -> Connection | None:
        place = self._in_place()
        return place if isinstance(place, Connection) else None

    def _make(self) -> Engine:
        """Return an engine whose connections are made as the host's, listeners of its pool included."""
        hosts, process = self._hosts, os.getpid()
        own = create_engine(
            hosts.url,
            pool=hosts.pool.recreate(),
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,  # or each statement would cost MariaDB another
            paramstyle=self._dialect.paramstyle,
            hide_parameters=True,
            echo=hosts.echo,
        )
        event.listen(own, "connect", lambda connection, _: self._dialect.set_up(connection))

        def dispose_too(_: Engine) -> None:
            if os.getpid() == process:  # what a parent has is its own
                own.dispose()

        event.listen(hosts, "engine_disposed", dispose_too)
        return own


@contextmanager
def _savepoint(connection: Connection) -> Iterator[Connection]:
    """Yield a host's connection; undo what was done on it where that fails, and leave the rest to the host."""
    driver: Any = connection.connection.dbapi_connection
    if getattr(driver, "in_transaction", None) is False:  # sqlite3 begins with the first change alone
        driver.execute("BEGIN")
    with connection.begin_nested():
        yield connection


class Shared:
    """The one connection to a database in memory, which the host's transactions are on, too.

    What the host has not committed is left so, and ours with it: there is no other connection to commit on.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._turn = PerProcess(threading.RLock)
        event.listen(engine, "engine_disposed", self._forget)

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Yield the connection; commit afterwards what the host has not begun."""
        with self._turn():
            if self._connection is None:
                self._connection = self._engine.connect()  # to close it would roll back what is the host's
            connection = self._connection
            driver: Any = connection.connection.dbapi_connection
            is_hosts = driver.in_transaction
            try:
                yield connection
            finally:
                if not is_hosts:
                    connection.commit()

    def has_open(self) -> bool:
        """Say whether a transaction has written and is open."""
        with self.lend() as connection:
            driver: Any = connection.connection.dbapi_connection
            return bool(driver.in_transaction)

    def _forget(self, _: Engine) -> None:
        self._connection = None
