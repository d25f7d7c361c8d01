"""A database that is empty, of each engine that keeps sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines import MariaDB, PostgreSQL

ENGINES = ("SQLite", "PostgreSQL", "MariaDB")


@contextmanager
def empty_database(engine: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database of one of the `ENGINES`, a server's or a file in this folder."""
    if engine == "SQLite":
        yield f"sqlite:///{folder / 'database.db'}"
        return
    server = PostgreSQL() if engine == "PostgreSQL" else MariaDB()
    try:
        yield server.start().url
    finally:
        server.remove()
