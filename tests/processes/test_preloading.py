"""Workers that were forked off an application that stands already, and threads that become greenlets after that."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from engines import PostgreSQL, Redis
from on_postgresql import migrate
from servers import PASSWORD, Server, serving

WORKERS = {
    "threads": ("--threads=8",),
    "greenlets": ("--worker-class=gevent",),
}
USED = """
from host_app import app
with app.app_context():
    services = app.extensions["flask-renewal"]
    services.users.find_by_name("nobody")
    services.store.find("nothing")
    services.revocations.is_ended("nothing")
"""
"""The application of a host whose master has asked the store, before it forks."""


@pytest.fixture(params=["SQLite", "PostgreSQL", "Redis"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Return the settings of a store."""
    if request.param == "SQLite":
        yield {}
        return
    engine = PostgreSQL() if request.param == "PostgreSQL" else Redis()
    try:
        engine.start()
        if isinstance(engine, PostgreSQL):
            migrate(engine.url, tmp_path / "migrating")
        yield {"SQLALCHEMY_DATABASE_URI" if isinstance(engine, PostgreSQL) else "RENEWAL_STORE": engine.url}
    finally:
        engine.remove()


@pytest.mark.parametrize("options", WORKERS.values(), ids=WORKERS)
def test_workers_sign_in_and_refresh_after_a_fork(
    tmp_path: Path, stored: dict[str, Any], options: tuple[str, ...]
) -> None:
    (tmp_path / "used.py").write_text(USED)
    how: dict[str, Any] = {"workers": 2, "application": "used", "options": ["--preload", *options]}
    with serving(tmp_path, **how, RATELIMIT_ENABLED=False, **stored) as server, ThreadPoolExecutor(4) as threads:
        people = [f"person{number}" for number in range(12)]
        visitors = list(threads.map(server.register, people))
        assert set(threads.map(lambda visitor: visitor.refreshes(server).status, visitors)) == {200}
        assert set(threads.map(lambda visitor: me(server, visitor.access), visitors)) == {200}
        logins = threads.map(lambda name: log_in(server, name), people)
        assert set(logins) == {200}
        assert "Traceback" not in server.log.read_text()


def me(server: Server, access: str) -> int:
    return server.get("/auth/me", access=access).status


def log_in(server: Server, name: str) -> int:
    return server.post("/auth/login", content={"username": name, "password": PASSWORD}).status
