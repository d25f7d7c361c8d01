"""The stores' own statements and scripts do what `judge` and `step` say, on generated rows and presentations.

There are a million combinations of the boundaries of tokens, times and ends. One in 97 is tried, and mistakes in the
statements on SQLite alone, where far fewer find them; with ``RENEWAL_TEST_EVERY_CASE=1`` each combination is, and the
mistakes on every database, which takes many minutes.
"""

import ast
import itertools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from differential import ALL_CASES, MOMENTS, cases
from differential_stores import EXPECTED, RedisRows, SQLRows
from engines import MariaDB, PostgreSQL, Redis
from mutating import compiled, mutants
from redis import ResponseError
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from flask_renewal.stores import redis_scripts, sql
from flask_renewal.stores.sql import SQLStore

SERVERS = {"PostgreSQL": PostgreSQL, "MariaDB": MariaDB, "Redis": Redis}
STORES = ("SQLite", *SERVERS)
EVERY_CASE = bool(os.environ.get("RENEWAL_TEST_EVERY_CASE"))
ONE_IN = 1 if EVERY_CASE else 97
BATCH = 20_000
FEW = list(cases(MOMENTS[:1], every=97))


@pytest.fixture(scope="module", params=STORES)
def rows(request: pytest.FixtureRequest) -> Iterator[SQLRows | RedisRows]:
    yield from opened(request.param)


def opened(name: str) -> Iterator[SQLRows | RedisRows]:
    for url in served(name):
        yield RedisRows(url) if name == "Redis" else SQLRows(create_engine(url))


def served(name: str) -> Iterator[str]:
    """Start what keeps the rows, yield its URL, and stop it."""
    if name == "SQLite":
        yield "sqlite://"
        return
    server = SERVERS[name]()
    try:
        yield server.start().url
    finally:
        server.remove()


def differences(rows: SQLRows | RedisRows, *, every: int) -> tuple[int, list[object]]:
    """Return how many cases there were, and in which of them the store does not do what the rule says."""
    generated, count, found = cases(every=every), 0, []
    while batch := list(itertools.islice(generated, BATCH)):
        count += len(batch)
        found += rows.differences(batch)
    return count, found


def test_a_store_does_what_the_rule_says(rows: SQLRows | RedisRows) -> None:
    count, found = differences(rows, every=ONE_IN)
    assert found == []
    assert count == -(-ALL_CASES // ONE_IN)


def test_the_documentation_says_how_many_cases_there_are() -> None:
    page = Path(__file__).parents[2] / "docs" / "proof.md"
    assert f"on {ALL_CASES:,} combinations" in page.read_text(encoding="utf-8")


# Mistakes in the statements.

ALIKE = (
    ("columns.superseded", "columns.current", "columns.next"),
    ("columns.rotated_at", "columns.idle_expires_at", "columns.expires_at"),
    ("self._table.c.idle_expires_at", "self._table.c.expires_at"),
    ("'now'", "'before'", "'idle'", "'short_idle'"),
    ("'presented'", "'fresh'"),
    ("and_", "or_"),
    ("columns.expires_at.is_", "columns.expires_at.is_not"),
    ("Verdict.ROTATE", "Verdict.REPLACE"),
    ("long", "short"),
)
OPERANDS = {one: [other for other in kind if other != one] for kind in ALIKE for one in kind}
STATEMENTS = ("_rotation", "_alive", "_used", "_over", "_ending", "_rename")
WRONG_SQL = [
    pytest.param(name, mutant, id=what)
    for name in STATEMENTS
    for what, mutant in mutants(getattr(SQLStore, name), OPERANDS, order=False)
]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL", "MariaDB"] if EVERY_CASE else ["SQLite"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from served(request.param)


@pytest.mark.parametrize(("name", "mutant"), WRONG_SQL)
def test_a_mistake_in_a_statement_is_found(url: str, name: str, mutant: ast.FunctionDef) -> None:
    names = dict(vars(sql))
    compiled(mutant, names)
    wrong = type("Wrong", (SQLStore,), {name: names[name]})
    assert is_found(lambda: SQLRows(create_engine(url, poolclass=StaticPool), wrong))


def is_found(open_rows: Callable[[], SQLRows | RedisRows]) -> bool:
    """Say whether something is not as the rule says; or nothing at all comes of a mistake, which is hard to miss."""
    try:
        return next(iter(open_rows().differences(FEW)), None) is not None
    except (NameError, AttributeError, TypeError, DatabaseError, ResponseError):
        return True


LUA_ALIKE = (
    (" < ", " <= ", " > ", " >= "),
    (" == ", " ~= "),
    (" and ", " or "),
    ("not ", ""),
    ("session.next", "session.current", "session.superseded"),
    ("'next'", "'current'", "'superseded'"),
    ("idle or short_idle", "short_idle or idle"),
)
NO_MATTER = ("absolute < idle", "local left", "PEXPIRE", "if authenticated_at", "return session.ended_at")
"""Of two equal ends either is the first; how long Redis keeps a row, who proved what, and what is told of a session
that was over before, are not the rule's."""


def wrong_scripts(name: str) -> Iterator[tuple[str, str]]:
    """Return a script with each of its lines dropped that writes, or refuses, and with each word taken for its like.

    What all scripts begin with is wrong in the first alone.
    """
    lines = getattr(redis_scripts, name.upper()).split("\n")
    own = 0 if name == "rotate" else redis_scripts._SESSION.count("\n")
    for at, line in enumerate(lines[own:], own):
        wrong = [""] if re.match(r"\s*(put|use)\(|.*return nil end$", line) else []
        for one, other in ((one, other) for kind in LUA_ALIKE for one in filter(None, kind) for other in kind):
            if one != other:
                wrong += [line[: hit.start()] + other + line[hit.end() :] for hit in re.finditer(re.escape(one), line)]
        if not any(word in line for word in NO_MATTER):
            yield from ((f"{at}: {each.strip()}", "\n".join([*lines[:at], each, *lines[at + 1 :]])) for each in wrong)


WRONG_SCRIPTS = [
    pytest.param(name, wrong, id=f"{name} {what}")
    for name in ("rotate", *EXPECTED)
    for what, wrong in wrong_scripts(name)
]


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    yield from served("Redis")


@pytest.mark.parametrize(("name", "script"), WRONG_SCRIPTS)
def test_a_mistake_in_a_script_is_found(redis: str, name: str, script: str) -> None:
    assert is_found(lambda: RedisRows(redis, **{name: script}))
