"""The tables of the standalone application, and how they come to be as its models have them."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, exc, make_url, text
from sqlalchemy.pool import StaticPool

from ..ground.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST = "0001"
"""The revision that fits this code."""

POSTGRESQL_POOL = {
    "pool_size": 10,
    "max_overflow": 5,
    "pool_timeout": 3,
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

_DRIVERS = {
    "mariadb": ("mysql", "mariadb+pymysql"),
    "mysql": ("mysql", "mysql+pymysql"),
    "postgresql": ("postgresql", "postgresql+psycopg"),
}
"""For each engine the extra that has a driver, and how a URL begins that asks for it."""

_LOCK = 0x52656E6577616C
"""The number of PostgreSQL's advisory lock."""


def connect(app: Flask, db: SQLAlchemy) -> None:
    """Initialise `db` with a pool that fits the engine; raises `ConfigurationError` for a URL that leads nowhere."""
    url = app.config.setdefault("SQLALCHEMY_DATABASE_URI", "sqlite:///flask-renewal.db")
    engine = ""
    try:
        engine = make_url(url).get_backend_name()
        if engine == "postgresql":
            app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", POSTGRESQL_POOL)
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
    """Yield a connection in a transaction that only one process at a time can be in; commit it at the end."""
    if engine.dialect.name == "sqlite":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection
