"""Users in a SQL table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Row,
    ScalarSelect,
    String,
    Table,
    bindparam,
    delete,
    event,
    insert,
    inspect,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from ...ground.errors import ConfigurationError, UsernameTakenError
from ...stores.database import Database
from ...stores.texts import text
from ...stores.times import TIME, in_utc
from .base import Account
from .ids import Ids
from .objects import Objects

LISTED_AT_ONCE = 1000
"""Accounts of one statement."""


Write = Callable[[Mapping[str, Any]], Any]
"""Adds a row with these values, and returns its id."""


class UserMixin:
    """The columns that `SQLUsers` reads and writes, for a host's model: `class User(UserMixin, db.Model)`."""

    id: Mapped[str] = mapped_column(text(32), primary_key=True)
    username: Mapped[str] = mapped_column(text(150))
    username_key: Mapped[str] = mapped_column(text(150), unique=True)
    password_hash: Mapped[str] = mapped_column(text(256))
    created_at: Mapped[datetime] = mapped_column(TIME)
    disabled_at: Mapped[datetime | None] = mapped_column(TIME)


@event.listens_for(UserMixin, "load", propagate=True)
@event.listens_for(UserMixin, "refresh", propagate=True)
def _know_the_zone(user: Any, *_: object) -> None:
    """Let times that a database without zones returns be in UTC: a type of ours would be in the host's migrations."""
    loaded = inspect(user).dict
    for name in ("created_at", "disabled_at"):
        if isinstance(loaded.get(name), datetime) and loaded[name].tzinfo is None:
            set_committed_value(user, name, loaded[name].replace(tzinfo=timezone.utc))


class SQLUsers:
    """Users in a table with the columns of `UserMixin`; each method is one statement."""

    def __init__(
        self, database: Database, table: Table, load: Callable[[Any], Any], *, objects: Objects | None = None
    ) -> None:
        """Keep users in `table`; `load` gets an id as the column holds it, `objects` are the host's own of the users.

        Raises `ConfigurationError` where the table lacks a column, or its ids are none that can be told as text.
        """
        _check_columns(table)
        self._database = database
        self.table = in_utc(table)
        self._ids = Ids(self.table)
        self._required = [column.name for column in table.c if _must_be_given(column)]
        self._load = load
        self.objects = objects
        columns = self.table.c
        account = select(columns.id, columns.username, columns.password_hash, columns.disabled_at, columns.created_at)
        wanted = bindparam("wanted", type_=self._ids.type)
        self._by_id = database.prepare(account.where(self._ids.is_value(wanted, of=database.dialect)))
        named = database.dialect.same_anywhere(columns.username_key, bindparam("wanted", type_=String))
        self._by_name = database.prepare(account.where(named))
        page = account.add_columns(columns.username_key).where(columns.username_key > bindparam("after"))
        self._page = page.order_by(columns.username_key).limit(LISTED_AT_ONCE)

    def name_of(self, sessions: Table) -> ScalarSelect[str]:
        """Return a part for a statement on the table of sessions: the name of a session's user, else null.

        It is null where the user may not sign in, or is younger than the session and so somebody else. The session's
        columns are written out: in a RETURNING of SQLite SQLAlchemy leaves the names of tables away.
        """
        columns, table = self.table.c, self._database.quote(sessions.name)
        user_id = literal_column(f"{table}.user_id", String)
        named = select(columns.username).where(
            self._ids.is_text(user_id, of=self._database.dialect),
            columns.created_at <= literal_column(f"{table}.created_at"),
            columns.disabled_at.is_(None),
        )
        return named.scalar_subquery()

    def find(self, user_id: str) -> Account | None:
        account = self._find(self._by_id, self._ids.value(user_id))
        return account if account is not None and account.id == user_id else None  # a column may compare loosely

    def find_by_name(self, key: str) -> Account | None:
        return self._find(self._by_name, key)

    def _find(self, query: Executable, wanted: Any) -> Account | None:
        rows = self._database.look_up(query, {"wanted": wanted})
        return _account(rows[0]) if rows else None

    def add(self, account: Account, *, key: str, now: datetime) -> Account:
        values, is_taken = self._values(account, key, now), partial(self._is_taken, key)
        if self._required and not is_taken():
            raise self._database.refusal(_who_gives(self.table, self._required))
        added = self._database.insert(insert(self.table), values, unless=is_taken)
        if added is None:
            raise UsernameTakenError
        return replace(account, id=str(added.id), created_at=now)

    def add_by(self, write: Write, account: Account, *, key: str, now: datetime) -> Account:
        """Let `write` add the row, and whatever of the host's belongs to it; else as `add`. Raises what it raises."""
        add = partial(write, self._values(account, key, now))
        user_id = self._database.add_by(add, unless=partial(self._is_taken, key))
        if user_id is None:
            raise UsernameTakenError
        return replace(account, id=str(user_id), created_at=now)

    def _is_taken(self, key: str) -> bool:
        return self.find_by_name(key) is not None

    def _values(self, account: Account, key: str, now: datetime) -> dict[str, Any]:
        return {
            **self._ids.new(account.id),
            "username": account.username,
            "username_key": key,
            "password_hash": account.password_hash,
            "created_at": now,
        }

    def delete(self, user_id: str) -> None:
        self._database.run(delete(self.table).where(self._is(user_id)))

    def set_password_hash(self, user_id: str, password_hash: str, *, read: str) -> bool:
        columns = self.table.c
        unchanged = update(self.table).where(self._is(user_id), columns.password_hash == read)
        return self._database.change(unchanged.values(password_hash=password_hash)) == 1

    def disable(self, user_id: str, *, now: datetime) -> None:
        self._database.run(update(self.table).where(self._is(user_id)).values(disabled_at=now))

    def enable(self, user_id: str) -> None:
        self._database.run(update(self.table).where(self._is(user_id)).values(disabled_at=None))

    def list(self) -> Iterator[Account]:
        after = ""
        while rows := self._database.run(self._page, {"after": after}):
            yield from map(_account, rows)
            after = rows[-1].username_key

    def load(self, user_id: str) -> Any:
        known = self._ids.value(user_id)
        if known is None or (self._ids.may_be_too_large(known) and self.find(user_id) is None):
            return None
        loaded = self._load(known)
        return loaded if loaded is not None and str(loaded.id) == user_id else None

    def _is(self, user_id: str) -> ColumnElement[bool]:
        return self._ids.is_value(literal(self._ids.value(user_id), self._ids.type), of=self._database.dialect)


def _check_columns(table: Table) -> None:
    missing = [name for name in UserMixin.__annotations__ if name not in table.c]
    if missing:
        raise ConfigurationError(
            f"The table {table.name} has no column {', '.join(missing)}; let its model inherit from"
            " flask_renewal.UserMixin, or pass users=… with a class that answers from the columns that there are."
        )


def _must_be_given(column: Column[Any]) -> bool:
    """Say whether a row needs a value of a column that is the host's."""
    makes = (column.default, column.server_default, column.identity, column.computed)
    is_hosts = column.name not in UserMixin.__annotations__
    return is_hosts and not column.nullable and all(made is None for made in makes)


def _who_gives(table: Table, required: Sequence[str]) -> str:
    columns = ", ".join(f"{table.name}.{name}" for name in required)
    return (
        f"nobody gives {columns} a value, and a row must have one: return the user from a function with"
        " @renewal.new_user, give the column a default, or let it be null"
    )


def _account(row: Row[Any]) -> Account:
    return Account(
        id=str(row.id),
        username=row.username,
        password_hash=row.password_hash,
        disabled=row.disabled_at is not None,
        created_at=row.created_at,
    )
