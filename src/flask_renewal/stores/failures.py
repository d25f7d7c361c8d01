"""What a database does wrong: the cause once in the log, and outside what to do about it."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import exc

from ..ground.errors import StoreError, StoreRefusedError, StoreUnavailableError
from . import sqlite
from .causes import Causes, one_line

_FOR_GOOD = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)
"""To try again does not help."""
_LACKS_TABLES = frozenset({"42P01", "42703", "1146", "1054"})
"""No such table, no such column: PostgreSQL's codes, and those of MariaDB and MySQL."""
_LOCK_NOT_AVAILABLE = "55P03"
"""After PostgreSQL's ``lock_timeout``."""


class Failures:
    """Tells the failures of one database."""

    def __init__(self, make_tables: Callable[[], str], now: Callable[[], float] = time.monotonic) -> None:
        """Let `make_tables` say what is to be done where tables are missing; `now` is in seconds."""
        self._make_tables = make_tables
        self._causes = Causes(now)

    def refusal(self, error: exc.SQLAlchemyError) -> StoreError:
        """Return what to raise for an error, after its cause was logged."""
        cause = cause_of(error)
        refusal = self._judge(error, cause)
        self._causes.log(f"{refusal.code}: {type(error).__name__}: {cause}; {refusal.detail}")
        return refusal

    def _judge(self, error: exc.SQLAlchemyError, cause: str) -> StoreError:
        if isinstance(error, exc.DBAPIError) and _lacks_tables(error):
            return StoreUnavailableError(f"The tables are missing or out of date; {self._make_tables()}.")
        if isinstance(error, exc.DBAPIError | exc.TimeoutError) and not isinstance(error, _FOR_GOOD):
            return StoreUnavailableError()
        return StoreRefusedError(cause)


def cause_of(error: exc.SQLAlchemyError) -> str:
    """Return the driver's words, without the values that it was given.

    Their first line only: in the next PostgreSQL quotes the row that it refuses, password hash included.
    """
    driver = getattr(error, "orig", None)
    text = str(error.args[0] if driver is None else driver)
    for value in _texts(getattr(error, "params", None)):
        text = text.replace(f"'{value}'", "'…'").replace(f'"{value}"', '"…"')
    return one_line(text)


def is_busy(error: exc.SQLAlchemyError) -> bool:
    """Say whether others have for too long what the statement was to have: a lock, a turn, a connection."""
    if isinstance(error, exc.DBAPIError):
        return sqlite.is_locked(error) or getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE
    return isinstance(error, exc.TimeoutError)


def _texts(values: object) -> list[str]:
    given = values.values() if isinstance(values, Mapping) else values if isinstance(values, tuple | list) else ()
    return [value for value in given if isinstance(value, str)]


def _lacks_tables(error: exc.DBAPIError) -> bool:
    driver: Any = error.orig
    code = getattr(driver, "sqlstate", None) or getattr(driver, "pgcode", None) or next(iter(driver.args), "")
    return str(code) in _LACKS_TABLES or any(
        words in str(driver) for words in ("no such table", "no such column", "has no column named")
    )
