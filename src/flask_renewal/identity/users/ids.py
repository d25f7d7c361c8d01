"""Ids of users: text everywhere, and at the edge to the host's database what its column holds."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    SmallInteger,
    Table,
    TypeDecorator,
    Uuid,
    case,
    false,
    func,
)
from sqlalchemy.types import TypeEngine

from ...ground.errors import ConfigurationError
from ...stores.dialect import Dialect

_LARGEST = 2**63 - 1
_WRITTEN = {int: r"^([1-9][0-9]{0,17}|[1-8][0-9]{18})$", UUID: r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
"""Ids that a database can read for itself, without an error; the few others are asked for by their value."""


class Ids:
    """The column `id` of a table of users, of text, whole numbers or UUIDs."""

    def __init__(self, table: Table) -> None:
        """Raise `ConfigurationError` where the column holds anything else."""
        column: Column[Any] = table.c.id
        self._column = column
        self._kind = UUID if isinstance(column.type, Uuid) else _python_type(column.type)
        if self._kind not in _READERS:
            raise ConfigurationError(
                f"{table.name}.id is of the type {column.type!r}, and ids are str, int or UUID; use one of these, or"
                " give the type a python_type."
            )
        makes = (column.default, column.server_default, column.identity, table.autoincrement_column is column)
        self._is_made_by_table = any(made not in (None, False) for made in makes)
        self.type: TypeEngine[Any] = BigInteger() if isinstance(column.type, Integer) else column.type
        """With which an id is compared: no number is too large to be asked for."""

    def value(self, text: str) -> Any:
        """Return what the column holds for this id; ``None``, which no row has, where no id is written like that."""
        try:
            value = _READERS[self._kind](text)
        except ValueError:
            return None
        if str(value) != text:
            return None
        return text if isinstance(self._column.type, Uuid) and not self._column.type.as_uuid else value

    def may_be_too_large(self, value: Any) -> bool:
        """Say whether PostgreSQL might refuse to compare the column with this as if it were of the column's type."""
        if not isinstance(value, int) or isinstance(self._column.type, BigInteger):
            return False
        return abs(value) >= (2**15 if isinstance(self._column.type, SmallInteger) else 2**31)

    def is_value(self, value: ColumnElement[Any], *, of: Dialect) -> ColumnElement[bool]:
        """Return a condition, in SQL of this dialect, that the column holds just this value."""
        is_plain_text = self._kind is str and not isinstance(self._column.type, TypeDecorator)
        return of.same_anywhere(self._column, value) if is_plain_text else self._column == value

    def is_text(self, text: ColumnElement[str], *, of: Dialect) -> ColumnElement[bool]:
        """Return a condition that the column holds an id of another table; it is false of what is not told easily.

        The id is converted, not the column, so that the column's index is of use.
        """
        if isinstance(self._column.type, TypeDecorator):
            return false()  # only the host knows how it stores them
        if self._kind is str:
            return of.same_anywhere(self._column, text)
        plain = func.replace(text, "-", "") if self._kind is UUID else text
        return self._column == case((text.regexp_match(_WRITTEN[self._kind]), of.converted(plain, self.type)))

    def new(self, text: str) -> Mapping[str, Any]:
        """Return the value for a new row, made of a random text; none where the table makes it."""
        if self._is_made_by_table:
            return {}
        value = self.value(text)
        if value is None and self._kind is UUID:
            value = self.value(str(uuid5(NAMESPACE_OID, text)))
        return {} if value is None else {"id": value}


def _python_type(kind: TypeEngine[Any]) -> type:
    try:
        return kind.python_type
    except NotImplementedError:
        return object


def _number(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST:
        raise ValueError
    return number


def _text(text: str) -> str:
    """Raise `ValueError` for what PostgreSQL has no text for."""
    text.encode()
    if "\0" in text:
        raise ValueError
    return text


_READERS: Mapping[type, Callable[[str], Any]] = {int: _number, UUID: UUID, str: _text}
