"""Statements of every refresh, compiled once and handed to the driver.

SQLAlchemy's own way from a statement to its rows takes 140 µs of a processor on PostgreSQL, of which the driver takes
30, and as long again for the second statement of a refresh; this one takes 55.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, exc

Process = Callable[[Any], Any]


class Prepared:
    """One statement with bound values and a RETURNING or a SELECT list, without an IN."""

    def __init__(self, statement: Any, engine: Engine) -> None:
        dialect, compiled = engine.dialect, statement.compile(dialect=engine.dialect)
        self._engine, self._text = engine, str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        types = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
        self._binds = _useful({name: kind.bind_processor(dialect) for name, kind in types.items()})
        columns = list(getattr(statement, "exported_columns", ()))
        self._row = _row_type([column.name for column in columns])
        results = {at: column.type.dialect_impl(dialect) for at, column in enumerate(columns)}
        self._results = _useful({at: kind.result_processor(dialect, None) for at, kind in results.items()})

    def run(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """Execute in a transaction of its own; return the rows as named tuples.

        Raises SQLAlchemy's `DBAPIError`; of a connection that had died, with `connection_invalidated`.
        """
        dialect, pooled = self._engine.dialect, self._engine.raw_connection()
        connection: Any = pooled.dbapi_connection
        try:
            dialect.set_isolation_level(connection, "AUTOCOMMIT")
            cursor = connection.cursor()
            try:
                cursor.execute(self._text, self._bound(values))
                rows = cursor.fetchall()
            finally:
                cursor.close()
            dialect.reset_isolation_level(connection)
        except dialect.loaded_dbapi.Error as error:
            died = dialect.is_disconnect(error, connection, None)
            pooled.invalidate(error)
            base = dialect.loaded_dbapi.Error
            raise exc.DBAPIError.instance(
                self._text, None, error, base, dialect=dialect, connection_invalidated=died
            ) from error
        finally:
            pooled.close()
        return [self._read(row) for row in rows]

    def _bound(self, values: Mapping[str, Any]) -> Any:
        bound = {**self._fixed, **values}
        for name, process in self._binds.items():
            bound[name] = process(bound[name])
        return bound if self._order is None else [bound[name] for name in self._order]

    def _read(self, row: Sequence[Any]) -> Any:
        read = list(row)
        for at, process in self._results.items():
            read[at] = process(read[at])
        return self._row._make(read)


def _row_type(names: Sequence[str]) -> Any:
    return namedtuple("Row", names)


def _useful(processors: Mapping[Any, Process | None]) -> dict[Any, Process]:
    return {name: process for name, process in processors.items() if process is not None}
