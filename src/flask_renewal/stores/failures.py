"""What a database does wrong: the cause once in the log, and outside what to do about it."""

import time
from collections.abc import Callable, Mapping

from sqlalchemy import exc

from ..ground.errors import StoreError, StoreRefusedError, StoreUnavailableError
from .causes import Causes, one_line
from .dialect import Dialect

_FOR_GOOD = (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)
"""To try again does not help."""


class Failures:
    """Tells the failures of one database."""

    def __init__(
        self, dialect: Dialect, make_tables: Callable[[], str], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Let `make_tables` say what is to be done where tables are missing; `now` is in seconds."""
        self._dialect = dialect
        self._make_tables = make_tables
        self._causes = Causes(now)

    def refusal(self, error: exc.SQLAlchemyError) -> StoreError:
        """Return what to raise for an error, after its cause was logged."""
        cause = cause_of(error)
        refusal = self._judge(error, cause)
        self._causes.log(f"{refusal.code}: {type(error).__name__}: {cause}; {refusal.detail}")
        return refusal

    def _judge(self, error: exc.SQLAlchemyError, cause: str) -> StoreError:
        if isinstance(error, exc.DBAPIError) and self._dialect.says_tables_are_missing(error):
            return StoreUnavailableError(f"The tables are missing or out of date; {self._make_tables()}.")
        return StoreUnavailableError() if self._may_pass(error) else StoreRefusedError(cause)

    def _may_pass(self, error: exc.SQLAlchemyError) -> bool:
        if not isinstance(error, exc.DBAPIError):
            return isinstance(error, exc.TimeoutError)
        return not isinstance(error, _FOR_GOOD) and self._dialect.code_of(error) not in self._dialect.for_good


def cause_of(error: exc.SQLAlchemyError) -> str:
    """Return the driver's words, without the values that it was given.

    Their first line only: in the next PostgreSQL quotes the row that it refuses, password hash included.
    """
    driver = getattr(error, "orig", None)
    text = str(error.args[0] if driver is None else driver)
    for value in _texts(getattr(error, "params", None)):
        text = text.replace(f"'{value}'", "'…'").replace(f'"{value}"', '"…"')
    return one_line(text)


def _texts(values: object) -> list[str]:
    given = values.values() if isinstance(values, Mapping) else values if isinstance(values, tuple | list) else ()
    return [value for value in given if isinstance(value, str)]
