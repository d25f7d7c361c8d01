"""A database that is empty, of each engine that keeps sessions."""

from pathlib import Path

import pytest

ENGINES = ("SQLite", "PostgreSQL", "MariaDB")


def empty_database(engine: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Return the URL of an empty database of one of the `ENGINES`: a file in this folder, or the shared server's."""
    if engine == "SQLite":
        return f"sqlite:///{folder / 'database.db'}"
    return str(request.getfixturevalue(f"{engine.lower()}_server").url)
