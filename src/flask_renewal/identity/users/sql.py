"""Users in a SQL table."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Executable,
    ScalarSelect,
    String,
    Table,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from ...ground.errors import UsernameTakenError
from ...stores.database import Database
from ...stores.times import TIME, in_utc
from .base import Account


class UserMixin:
    """The columns that `SQLUsers` reads and writes, for a host's model: `class User(UserMixin, db.Model)`."""

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(String(150))
    username_key: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[str] = mapped_column(String(256))
    created_at: Mapped[datetime] = mapped_column(TIME)
    disabled_at: Mapped[datetime | None] = mapped_column(TIME)


class SQLUsers:
    """Users in a table with the columns of `UserMixin`; each method is one statement."""

    def __init__(self, database: Database, table: Table, load: Callable[[str], Any]) -> None:
        self._database = database
        self._table = in_utc(table)
        self.load = load
        columns = self._table.c
        account = select(columns.id, columns.username, columns.password_hash, columns.disabled_at, columns.created_at)
        self._by_id = database.prepare(account.where(columns.id == bindparam("wanted")))
        self._by_name = database.prepare(account.where(columns.username_key == bindparam("wanted")))

    def name_of(self, sessions: Table) -> ScalarSelect[str]:
        """Return a part for a statement on the table of sessions: the name of a session's user, else null.

        It is null where the user may not sign in, or is younger than the session and so somebody else. The session's
        columns are written out: in a RETURNING of SQLite SQLAlchemy leaves the names of tables away.
        """
        columns = self._table.c
        named = select(columns.username).where(
            columns.id == literal_column(f"{sessions.name}.user_id"),
            columns.created_at <= literal_column(f"{sessions.name}.created_at"),
            columns.disabled_at.is_(None),
        )
        return named.scalar_subquery()

    def find(self, user_id: str) -> Account | None:
        return self._find(self._by_id, user_id)

    def find_by_name(self, key: str) -> Account | None:
        return self._find(self._by_name, key)

    def _find(self, query: Executable, wanted: str) -> Account | None:
        rows = self._database.run(query, {"wanted": wanted})
        if not rows:
            return None
        row = rows[0]
        return Account(
            id=row.id,
            username=row.username,
            password_hash=row.password_hash,
            disabled=row.disabled_at is not None,
            created_at=row.created_at,
        )

    def add(self, account: Account, *, key: str, now: datetime) -> None:
        values = {
            "id": account.id,
            "username": account.username,
            "username_key": key,
            "password_hash": account.password_hash,
            "created_at": now,
        }
        if not self._database.insert(insert(self._table), values, unless=lambda: self.find_by_name(key) is not None):
            raise UsernameTakenError

    def delete(self, user_id: str) -> None:
        self._database.run(delete(self._table).where(self._table.c.id == user_id))

    def set_password_hash(self, user_id: str, password_hash: str, *, read: str) -> bool:
        columns = self._table.c
        unchanged = update(self._table).where(columns.id == user_id, columns.password_hash == read)
        return bool(self._database.run(unchanged.values(password_hash=password_hash).returning(columns.id)))

    def disable(self, user_id: str, *, now: datetime) -> None:
        self._database.run(update(self._table).where(self._table.c.id == user_id).values(disabled_at=now))
