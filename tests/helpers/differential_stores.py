"""The stores' own statements and scripts, run on many rows at once, each with its own token and time.

In SQL the parameters of a statement become columns of the table that it changes. In Redis a script is put, as it is,
into one that calls it for one case after the other.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import redis
from differential import DEVICE, FRESH, OWNER, PRESENTED, REASON, STATE, WINDOW, Case, State, state
from patience import PATIENCE
from sqlalchemy import BindParameter, Column, Engine, MetaData, insert, select
from sqlalchemy.sql import visitors

from flask_renewal.rotation import Verdict
from flask_renewal.stores import redis as of_redis
from flask_renewal.stores import redis_scripts
from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore
from flask_renewal.stores.texts import text
from flask_renewal.stores.times import TIME

MOST_AT_ONCE = 500
"""Redis does nothing else while a script runs."""
PARAMETERS = ("now", "before", "idle", "short_idle", "presented")
EXPECTED: dict[str, Callable[[Case], State]] = {"touch": Case.used, "end": Case.ended, "rename": Case.renamed}
"""What else a store does to a living session, and to no other."""


class SQLRows:
    """Rows in a SQL database, with the parameters of a statement beside them."""

    def __init__(self, engine: Engine, store: type[SQLStore] = SQLStore) -> None:
        metadata = MetaData()
        table = session_table(metadata)
        for name in PARAMETERS:
            table.append_column(Column(f"its_{name}", text(32) if name == "presented" else TIME))
        metadata.create_all(engine)
        self.engine, self.store = engine, store(Database(engine), table)
        self.table = self.store._table

    def differences(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Return each case in which a statement does not do what the rule says, and which one."""
        store, columns = self.store, self.table.c
        conditions = {"alive": store._alive(columns.its_now), "over": store._over(columns.its_now)}
        asked = select(columns.id, *(condition.label(name) for name, condition in conditions.items()))
        with self.engine.connect() as connection:
            connection.execute(insert(self.table), list(map(self._row, cases)))
            found = {row.id: (bool(row.alive), bool(row.over)) for row in connection.execute(_once(asked, columns))}
            moves = [store._rotation(verdict) for verdict in (Verdict.ROTATE, Verdict.REPLACE)]
            moved = self._after(connection, moves, fresh=FRESH)
            after = {
                "touch": self._after(connection, [store._touch(authenticated=False)], _once),
                "end": self._after(connection, [store._ending(owned=True)], _once, reason=REASON, user=OWNER),
                "rename": self._after(connection, [store._rename()], _once, name=DEVICE, user=OWNER),
            }
            connection.rollback()
        yield from ((case, "rotate") for case in cases if moved[case.session.id] != case.moved_on())
        for case in filter(_is_once, cases):
            key = case.session.id
            if found[key] != (case.is_alive(), case.is_over()):
                yield case, "condition"
            yield from ((case, verb) for verb, rows in after.items() if rows[key] != EXPECTED[verb](case))

    def _row(self, case: Case) -> dict[str, Any]:
        row = {column.name: getattr(case.session, column.name, None) for column in self.table.columns}
        use = case.use
        values = (use.now, use.now - WINDOW, use.idle_expires_at, use.short_idle_expires_at, case.presented)
        return {**row, **{f"its_{name}": value for name, value in zip(PARAMETERS, values, strict=True)}}

    def _after(
        self, connection: Any, statements: Sequence[Any], which: Any = lambda all_, _: all_, **same: str
    ) -> dict[str, State]:
        """Return the rows as the statements leave them; some parameters are the `same` for all."""
        with connection.begin_nested() as savepoint:
            for statement in statements:
                connection.execute(which(self._for_each(statement), self.table.c), same)
            asked = select(*(self.table.c[name] for name in ("id", *STATE)))
            rows = {row.id: state(row) for row in connection.execute(which(asked, self.table.c))}
            savepoint.rollback()
        return rows

    def _for_each(self, statement: Any) -> Any:
        """Return a statement that takes its parameters from the row."""
        columns = {name: self.table.c[f"its_{name}"] for name in PARAMETERS}

        def of_the_row(element: Any, **_: Any) -> Any:
            return columns.get(element.key) if isinstance(element, BindParameter) else None

        return visitors.replacement_traverse(statement, {}, of_the_row)


def _is_once(case: Case) -> bool:
    """Say whether a case is one of those that show all rows: what no token is presented for is asked once of each."""
    return case.presented == PRESENTED[0]


def _once(asked: Any, columns: Any) -> Any:
    return asked.where(columns.its_presented == PRESENTED[0])


class RedisRows:
    """Rows in Redis; `scripts` are those of the store, or with a mistake in them."""

    def __init__(self, url: str, **wrong: str) -> None:
        client = redis.Redis.from_url(url, decode_responses=True, socket_timeout=PATIENCE)
        scripts = {verb: getattr(redis_scripts, verb.upper()) for verb in ("rotate", *EXPECTED)}
        self._scripts = {
            verb: client.register_script(_for_each(script)) for verb, script in {**scripts, **wrong}.items()
        }

    def differences(self, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
        """Return each case in which a script does not do what the rule says, and which one."""
        moved = self._after(self._scripts["rotate"], [(case, _swaps(case)) for case in cases])
        yield from ((case, "rotate") for case, row in zip(cases, moved, strict=True) if row != case.moved_on())
        once = list(filter(_is_once, cases))
        for verb, expected in EXPECTED.items():
            rows = self._after(self._scripts[verb], [(case, [_ARGUMENTS[verb](case)]) for case in once])
            yield from ((case, verb) for case, row in zip(once, rows, strict=True) if row != expected(case))

    def _after(self, script: Any, calls: Sequence[tuple[Case, Any]]) -> list[State | None]:
        told = [{"row": of_redis._hash(case.session), "calls": calls} for case, calls in calls]
        batches = (told[at : at + MOST_AT_ONCE] for at in range(0, len(told), MOST_AT_ONCE))
        answers = (script(keys=["row"], args=[json.dumps(batch)]) for batch in batches)
        rows = map(of_redis._session, itertools.chain.from_iterable(answers))
        return [None if row is None else state(row) for row in rows]


_ARGUMENTS: dict[str, Callable[[Case], Sequence[str]]] = {
    "touch": lambda case: of_redis._use_numbers(case.use),
    "end": lambda case: [of_redis._number(case.now), REASON, OWNER],
    "rename": lambda case: [of_redis._number(case.now), OWNER, DEVICE],
}


def _swaps(case: Case) -> list[list[str]]:
    now, *ends = of_redis._use_numbers(case.use)
    before = of_redis._number(case.now - WINDOW)
    return [[now, before, *ends, expected, case.presented, FRESH] for expected in ("next", "current")]


def _for_each(script: str) -> str:
    return f"""
local function script(KEYS, ARGV)
{script}
end
local rows = {{}}
for _, case in ipairs(cjson.decode(ARGV[1])) do
  redis.call('DEL', KEYS[1])
  for name, value in pairs(case.row) do redis.call('HSET', KEYS[1], name, value) end
  for _, values in ipairs(case.calls) do
    if script(KEYS, values) then break end
  end
  rows[#rows + 1] = redis.call('HGETALL', KEYS[1])
end
return rows
"""
