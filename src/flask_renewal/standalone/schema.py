"""The tables of the standalone application, and how they come to be as its models have them."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, exc, make_url, text
from sqlalchemy.pool import StaticPool

from ..ground.errors import ConfigurationError
from ..stores.session_table import TABLE

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST = "0002"
"""The revision that fits this code."""

_POOL = {"pool_size": 10, "max_overflow": 5, "pool_timeout": 3}
POSTGRESQL_POOL = {
    **_POOL,
    "connect_args": {
        "connect_timeout": 3,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 5000,
        "options": "-c statement_timeout=5000",
    },
}
"""For each process: how many connections, of which the store has as many again, and how long a request waits, for a
free one, a dead server, a broken network or a locked row, before the answer is 503 (seconds; the last two in
milliseconds)."""
MYSQL_POOL = {
    **_POOL,
    "connect_args": {
        "connect_timeout": 3,
        "read_timeout": 5,
        "write_timeout": 5,
        "init_command": "SET SESSION innodb_lock_wait_timeout = 4, SESSION lock_wait_timeout = 4",
    },
}
"""The same: a server that is dead, a network that is broken, and a row or a table that is locked (seconds)."""
_POOLS = {"postgresql": POSTGRESQL_POOL, "mysql": MYSQL_POOL, "mariadb": MYSQL_POOL}

_DRIVERS = {
    "mariadb": ("mysql", "mariadb+pymysql"),
    "mysql": ("mysql", "mysql+pymysql"),
    "postgresql": ("postgresql", "postgresql+psycopg"),
}
"""For each engine the extra that has a driver, and how a URL begins that asks for it."""

_LOCK = 0x52656E6577616C
"""The number of PostgreSQL's advisory lock, and part of the name of MariaDB's."""
_LONGEST_MIGRATION_SECONDS = 3600
"""How long another process waits for its end on MariaDB."""


def connect(app: Flask, db: SQLAlchemy) -> None:
    """Initialise `db` with a pool that fits the engine; raises `ConfigurationError` for a URL that leads nowhere."""
    if app.config.get("RENEWAL_TABLE", TABLE) != TABLE:
        raise ConfigurationError(
            f"RENEWAL_TABLE is for a host that makes the table; leave it unset: {TABLE} is made here."
        )
    url = app.config.setdefault("SQLALCHEMY_DATABASE_URI", "sqlite:///flask-renewal.db")
    engine = ""
    try:
        engine = make_url(url).get_backend_name()
        if engine in _POOLS:
            app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _POOLS[engine])
        db.init_app(app)
    except ModuleNotFoundError as error:
        raise ConfigurationError(_how_to_install(error, engine)) from None
    except (exc.ArgumentError, ValueError):  # they may show the URL, its password included
        raise ConfigurationError(
            "SQLALCHEMY_DATABASE_URI is no URL that SQLAlchemy knows; set it to one such as"
            " postgresql+psycopg://user@host/database, or leave it unset to use a SQLite file."
        ) from None


def _how_to_install(error: ModuleNotFoundError, engine: str) -> str:
    extra, begin = _DRIVERS.get(engine, _DRIVERS["postgresql"])
    return (
        f"SQLALCHEMY_DATABASE_URI asks for the module {error.name}, which is not installed; run"
        f" pip install 'flask-renewal[{extra}]' and begin it with {begin}://."
    )


def install(app: Flask, db: SQLAlchemy) -> None:
    """Add `flask db upgrade` and its like; on SQLite bring the tables up to date, or make them, right away.

    Of several processes that start at once, one does it and the others wait. A server's tables are left to whoever
    runs it: a new version of them is no side effect of a restart.
    """
    Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        weakref.finalize(app, db.engine.dispose)  # at the end of the process, too
        if db.engine.dialect.name == "sqlite":
            _bring_up_to_date(app, db.engine)
            if not isinstance(db.engine.pool, StaticPool):  # whose one connection is the database, in memory
                db.engine.dispose()


def _bring_up_to_date(app: Flask, engine: Engine) -> None:
    try:
        if revision(engine) != LATEST:
            command.upgrade(app.extensions["migrate"].migrate.get_config(), "head")
    except (exc.DBAPIError, CommandError) as error:
        reason = getattr(error, "orig", error)
        raise ConfigurationError(
            f"SQLALCHEMY_DATABASE_URI names a SQLite file whose tables cannot be made or brought up to date ({reason});"
            " make it a file that may be written and comes from no later version."
        ) from error


def revision(engine: Engine) -> str | None:
    """Return the revision of the tables; ``None`` where there are none."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (exc.OperationalError, exc.ProgrammingError):
        return None


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that only one process at a time can be in; commit it at the end.

    MariaDB and MySQL commit with each change of a table.
    """
    if engine.dialect.name == "sqlite":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    is_mysql = engine.dialect.name in ("mysql", "mariadb")
    with _unhurried(engine) if is_mysql else nullcontext(), engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        elif is_mysql:
            connection.detach()  # with its end ends the lock
            connection.exec_driver_sql(f"SELECT GET_LOCK('flask_renewal.{_LOCK}', {_LONGEST_MIGRATION_SECONDS})")
        yield connection


@contextmanager
def _unhurried(engine: Engine) -> Iterator[None]:
    """Let the next connection to MariaDB be one that waits for an answer without end."""

    def wait(_dialect: object, _record: object, _names: object, options: dict[str, Any]) -> None:
        options.update(read_timeout=None, write_timeout=None)

    event.listen(engine, "do_connect", wait)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "do_connect", wait)
