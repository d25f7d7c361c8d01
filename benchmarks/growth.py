"""Growth: guard, refresh, list and purge with more and more sessions in the table."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from flask_renewal import access_required, create_app
from flask_renewal.identity.services import Services, current
from flask_renewal.identity.sessions.purging import EVERY, EXAMINED_WITH_SIGN_IN
from flask_renewal.standalone.models import db

from .calls import call

PASSWORD = "correct staple horse battery"

_FILL = {
    "sqlite": "WITH RECURSIVE number(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM number WHERE n < {last}) ",
    "postgresql": "WITH number(n) AS (SELECT generate_series({first}, {last})) ",
}
_ROW = """
INSERT INTO renewal_session (id, user_id, created_at, authenticated_at, expires_at, remember, next, rotated_at,
last_used_at, idle_expires_at, device, user_agent)
{numbers} SELECT 'filler-' || n, 'user-' || (n / 3), {now}, {now}, {end}, {true}, 'next-' || n, {now}, {now}, {end},
'A device', 'Mozilla/5.0 (X11; Linux x86_64) like many others' FROM number
"""
_WORDS = {
    "sqlite": {"now": "strftime('%Y-%m-%d %H:%M:%f000')", "end": "'2199-01-01 00:00:00.000000'", "true": "1"},
    "postgresql": {"now": "now()", "end": "timestamptz '2199-01-01 00:00:00Z'", "true": "true"},
}


def grow(uri: str, folder: Path, sizes: list[int], rounds: int) -> dict[int, dict[str, float]]:
    """Return, for each size, the median microseconds of one of each."""
    config = {"SQLALCHEMY_DATABASE_URI": uri, "RENEWAL_QUIET_WINDOW": 0, "RATELIMIT_ENABLED": False}
    app = create_app(config, instance_path=folder)
    app.add_url_rule("/guarded", view_func=_guarded())
    found, rows = {}, 0
    with app.app_context():
        db.create_all()
        client = app.test_client()
        content = {"username": "growing", "password": PASSWORD}
        answer = client.post("/auth/register", json=content).get_json()
        for size in sizes:
            _fill(rows + 1, size)
            rows = size
            found[size] = _measure(app, client, answer, current(), rounds)
        db.engine.dispose()
    return found


def _guarded() -> Callable[[], str]:
    @access_required()
    def guarded() -> str:
        return "hello"

    return guarded


def _fill(first: int, last: int) -> None:
    kind = db.engine.dialect.name
    numbers = _FILL[kind].format(first=first, last=last)
    statement = _ROW.format(numbers=numbers, **_WORDS[kind])
    with db.engine.begin() as connection:
        if kind == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # a million rows take longer than any request
        connection.execute(text(statement))
        if kind == "postgresql":
            connection.execute(text("ANALYZE renewal_session"))


def _measure(app: Flask, client: Any, answer: dict[str, Any], services: Services, rounds: int) -> dict[str, float]:
    user = answer["user"]["id"]
    token = client.post("/auth/refresh").get_json()["access_token"]
    purging = services.sessions.purging.everything()
    return {
        "guarded request": statistics.median(call(app, "/guarded", token, 50) for _ in range(rounds)),
        "refresh": _time(lambda: client.post("/auth/refresh"), rounds),
        "list one's own": _time(lambda: services.sessions.list(user), rounds),
        "one batch of a purge": _time(lambda: next(purging), 1),
        "login's own share of purging": _time(lambda: _examine(services), rounds) / EVERY,
    }


def _examine(services: Services) -> None:
    services.store.purge(now=services.ambient.now(), after=services.ambient.new_id(), examine=EXAMINED_WITH_SIGN_IN)


def _time(act: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)
