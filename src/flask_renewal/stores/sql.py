"""Sessions in a SQL database, through SQLAlchemy Core: one row per session, one statement per verb."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Row,
    String,
    Table,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from ..rotation import Verdict
from .base import Counted, Ending, Purged, Session, Swap, Use
from .claims import written
from .database import Database
from .session_table import typed
from .times import UTCDateTime

NameOf = Callable[[Table], ColumnElement[str]]

_EXPECTED = {Verdict.ROTATE: "next", Verdict.REPLACE: "current"}


class SQLStore:
    """The store of `session_table` in one database; see `Store` for what the verbs promise."""

    def __init__(self, database: Database, table: Table, *, name_of: NameOf | None = None) -> None:
        """Keep sessions in `table`; `name_of` makes the name of the user part of what a refresh reads.

        Raises `ConfigurationError` where the engine of the database is none that keeps sessions, or too old.
        """
        database.versions.keep_sessions(is_known=database.dialect.keeps_sessions)
        table = typed(table)
        self._database = database
        self._table = table
        self._columns = [table] if name_of is None else [table, name_of(table).label("username")]
        self._same = database.dialect.same
        one = self._same(table.c.id, bindparam("sid", type_=String))
        self._rotations = {
            verdict: database.prepare_change(self._rotation(verdict), self._columns, of=one) for verdict in _EXPECTED
        }
        # if a use is lost, the idle timeout was not pushed forward by it, once; a proof must not be lost
        self._touches = {
            proof: database.prepare_change(self._touch(authenticated=proof), [table], of=one, is_favour=not proof)
            for proof in (True, False)
        }
        self._renaming = database.prepare_change(self._rename(), [table], of=one)
        self._claiming = database.prepare_change(self._claim(), [table], of=one)
        self._endings = {
            owned: database.prepare_change(self._ending(owned=owned), [table], of=one) for owned in (False, True)
        }
        self._find = database.prepare(select(*self._columns).where(one))
        mine = select(table).where(self._mine()).order_by(table.c.last_used_at.desc())
        self._history = database.prepare(mine)
        self._listing = database.prepare(mine.where(self._alive(bindparam("now", type_=UTCDateTime))))
        since = table.c.ended_at > bindparam("moment")
        self._ended_since = database.prepare(select(table.c.id, table.c.ended_at).where(since))
        insertion = insert(table)  # must not be tried twice, so the shorter way is only for where no connection dies
        self._insertion = insertion if database.dialect.is_elsewhere else database.prepare(insertion)
        self._surplus = database.prepare(self._select_surplus())
        self._examination = database.prepare(self._examine())

    def start(self, session: Session, *, keep: int) -> Sequence[Session]:
        values = {column.name: getattr(session, column.name) for column in self._table.columns}
        self._database.run(self._insertion, values)
        most = {"user": session.user_id, "now": session.last_used_at, "keep": keep}
        surplus = [row.id for row in self._database.run(self._surplus, most)]
        displaced = Ending(reason="displaced", now=session.last_used_at)
        return self._end(self._table.c.id.in_(surplus), displaced) if surplus else []

    def _select_surplus(self) -> Any:
        columns, alive = self._table.c, self._alive(bindparam("now", type_=UTCDateTime))
        return (
            select(columns.id)
            .where(self._mine(), alive)
            .order_by(columns.last_used_at.desc(), columns.created_at.desc())
            .offset(bindparam("keep", type_=Integer))
        )

    def find(self, session_id: str) -> Session | None:
        return _one(self._database.run(self._find, {"sid": session_id}))

    def list(self, user_id: str, *, now: datetime) -> Sequence[Session]:
        return [_session(row) for row in self._database.run(self._listing, {"user": user_id, "now": now})]

    def history(self, user_id: str) -> Sequence[Session]:
        return [_session(row) for row in self._database.run(self._history, {"user": user_id})]

    def rotate(self, swap: Swap) -> Session | None:
        values = {
            "sid": swap.session_id,
            "presented": swap.presented,
            "fresh": swap.fresh,
            "before": swap.use.now - swap.window,
            **_use_values(swap.use),
        }
        return _one(self._database.run(self._rotations[swap.verdict], values))

    def _rotation(self, verdict: Verdict) -> Update:
        columns = self._table.c
        holds = columns[_EXPECTED[verdict]] == bindparam("presented")
        past = {columns.superseded: columns.next}
        if verdict is Verdict.ROTATE:
            past = {columns.superseded: columns.current, columns.current: columns.next}
        rested = columns.rotated_at < bindparam("before", type_=UTCDateTime)
        rotated: dict[Column[Any], Any] = {columns.next: bindparam("fresh"), columns.rotated_at: bindparam("now")}
        # in this order: MariaDB and MySQL assign from left to right, and go on with what they have assigned
        values = {**past, **rotated, **self._used()}
        living = update(self._table).where(holds, rested, self._alive(bindparam("now", type_=UTCDateTime)))
        return living.ordered_values(*values.items())

    def touch(self, session_id: str, use: Use, *, authenticated: bool = False) -> Session | None:
        return _one(self._database.run(self._touches[authenticated], {"sid": session_id, **_use_values(use)}))

    def _touch(self, *, authenticated: bool) -> Update:
        now = bindparam("now", type_=UTCDateTime)
        proof = {self._table.c.authenticated_at: now} if authenticated else {}
        return update(self._table).where(self._alive(now)).values({**self._used(), **proof})

    def rename(self, session_id: str, *, user_id: str, device: str | None, now: datetime) -> Session | None:
        values = {"sid": session_id, "user": user_id, "name": device, "now": now}
        return _one(self._database.run(self._renaming, values))

    def _rename(self) -> Update:
        living = update(self._table).where(self._mine(), self._alive(bindparam("now", type_=UTCDateTime)))
        return living.values(device=bindparam("name"))

    def set_claims(self, session_id: str, claims: Mapping[str, Any], *, now: datetime) -> Session | None:
        return _one(self._database.run(self._claiming, {"sid": session_id, "kept": written(claims), "now": now}))

    def _claim(self) -> Update:
        living = update(self._table).where(self._alive(bindparam("now", type_=UTCDateTime)))
        return living.values(claims=bindparam("kept", type_=String))

    def end(self, ending: Ending) -> Sequence[Session]:
        if ending.session_id is not None:
            owner = {} if ending.user_id is None else {"user": ending.user_id}
            values = {"sid": ending.session_id, "now": ending.now, "reason": ending.reason, **owner}
            return [_session(row) for row in self._database.run(self._endings[bool(owner)], values)]
        mine = self._same(self._table.c.user_id, literal(ending.user_id))
        others = and_(mine, not_(self._same(self._table.c.id, literal(ending.but))))
        return self._end(mine if ending.but is None else others, ending)

    def _ending(self, *, owned: bool) -> Update:
        now = bindparam("now", type_=UTCDateTime)
        living = update(self._table).where(self._alive(now))
        if owned:
            living = living.where(self._mine())
        return living.values(ended_at=now, ended_reason=bindparam("reason"))

    def _end(self, which: ColumnElement[bool], ending: Ending) -> Sequence[Session]:
        living = and_(which, self._alive(ending.now))
        values = {"ended_at": ending.now, "ended_reason": ending.reason}
        return [_session(row) for row in self._database.change_all(self._table, living, values)]

    def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        return {row.id: row.ended_at for row in self._database.run(self._ended_since, {"moment": moment})}

    def purge(self, *, now: datetime, after: str, examine: int) -> Purged:
        rows = self._database.run(self._examination, {"now": now, "after": after, "examine": examine})
        dead = [row.id for row in rows if row.over]
        if dead:
            over = and_(self._table.c.id.in_(dead), self._over(now))  # and what comes back is over all the same
            self._database.delete_free(self._table, over)
        return Purged(count=len(dead), go_on_after=rows[-1].id if len(rows) == examine else None)

    def _examine(self) -> Any:
        over = self._over(bindparam("now", type_=UTCDateTime))
        batch = select(self._table.c.id, over.label("over")).where(self._table.c.id > bindparam("after"))
        return batch.order_by(self._table.c.id).limit(bindparam("examine", type_=Integer))

    def count(self, *, now: datetime) -> Counted:
        over = func.count(case((self._over(now), 1)))
        row = self._database.run(select(func.count().label("rows"), over.label("over")).select_from(self._table))[0]
        return Counted(all=row.rows, over=row.over)

    def clock(self) -> datetime | None:
        asking = self._database.dialect.clock
        return None if asking is None else cast(datetime, self._database.run(asking)[0].now)

    def _mine(self) -> ColumnElement[bool]:
        return self._same(self._table.c.user_id, bindparam("user", type_=String))

    def _over(self, now: Any) -> ColumnElement[bool]:
        return or_(self._table.c.idle_expires_at <= now, self._table.c.expires_at <= now)

    def _alive(self, now: Any) -> ColumnElement[bool]:
        columns = self._table.c
        lasting = or_(columns.expires_at.is_(None), columns.expires_at > now)
        lives = self._database.dialect.unindexed(columns.ended_at).is_(None)
        return and_(lives, columns.idle_expires_at > now, lasting)

    def _used(self) -> dict[Column[Any], Any]:
        long, short = (bindparam(name, type_=UTCDateTime) for name in ("idle", "short_idle"))
        idle = case((self._table.c.remember, long), else_=short)
        return {self._table.c.last_used_at: bindparam("now", type_=UTCDateTime), self._table.c.idle_expires_at: idle}


def _use_values(use: Use) -> dict[str, datetime]:
    return {"now": use.now, "idle": use.idle_expires_at, "short_idle": use.short_idle_expires_at}


def _one(rows: Sequence[Row[Any]]) -> Session | None:
    return _session(rows[0]) if rows else None


def _session(row: Row[Any]) -> Session:
    return Session(**row._asdict())
