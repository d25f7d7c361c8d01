"""Whether a database can keep sessions: an engine that we know, new enough for what the store asks of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect, exc

from ..ground.errors import ConfigurationError

OLDEST: Mapping[str, tuple[int, ...]] = {
    "SQLite": (3, 35),
    "PostgreSQL": (10,),
    "MariaDB": (10, 6),
    "MySQL": (8, 0),
}
"""The first that has ``RETURNING``; that the driver speaks to; that has ``SKIP LOCKED``; the same."""

_PRODUCTS = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}


class Versions:
    """Looks at the database of one engine, at the start as far as it is known and else with its first statement."""

    def __init__(self, dialect: Dialect) -> None:
        """Look at nothing until sessions are to be kept there."""
        self._dialect = dialect
        self._is_to_be_seen = False

    def keep_sessions(self, *, is_known: bool) -> None:
        """Let sessions be kept there; raises `ConfigurationError` where it is another engine or a file's is too old."""
        if not is_known:
            raise ConfigurationError(
                f"SQLALCHEMY_DATABASE_URI names a database of {self._dialect.name}, and sessions are kept in SQLite,"
                " PostgreSQL, MariaDB or MySQL; set RENEWAL_STORE to a redis:// URL, and users may stay there."
            )
        why = outdated(self._dialect)
        if why is not None:
            raise ConfigurationError(f"SQLALCHEMY_DATABASE_URI cannot be used (database_too_old): {'; '.join(why)}.")
        self._is_to_be_seen = True

    def see(self, dialect: Dialect) -> None:
        """Raise SQLAlchemy's error where a server is too old that is connected to now."""
        if self._is_to_be_seen:
            why = outdated(dialect)
            if why is not None:
                raise exc.InvalidRequestError(f"database_too_old: {'; '.join(why)}.")
            self._is_to_be_seen = False


def outdated(dialect: Dialect) -> tuple[str, str] | None:
    """Return what is wrong and the mend where the database is too old; a server is known after a first connection."""
    product = "MariaDB" if getattr(dialect, "is_mariadb", False) else _PRODUCTS.get(dialect.name, "MySQL")
    version, oldest = _version(dialect), OLDEST[product]
    if not version or version >= oldest:
        return None
    return (
        f"{product} {_written(version)} is too old to keep sessions",
        f"use {_written(oldest)} or newer, or set RENEWAL_STORE to a redis:// URL, and users may stay there",
    )


def _version(dialect: Dialect) -> tuple[int, ...]:
    """Return the version of a server, or of the library that reads a file; empty where nobody knows yet."""
    driver: Any = dialect.loaded_dbapi
    told = getattr(driver, "sqlite_version_info", None) or dialect.server_version_info or ()
    return tuple(part for part in told if isinstance(part, int))


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
