"""Users in a database that keeps no sessions: Redis keeps them, and everything works; else the start stops."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from engines import Redis
from flask import Flask
from hosts import new_database
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from flask_renewal import ConfigurationError, Renewal, access_required
from flask_renewal.ground.ambient import Ambient
from flask_renewal.testing import RenewalClient


class Naive(SQLiteDialect_pysqlite):
    """An engine of another name, whose times have no zone and whose updates return no rows."""

    name = "naive"
    supports_statement_cache = True
    update_returning = delete_returning = insert_returning = False


registry.register("naive", __name__, "Naive")


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start()
    finally:
        server.remove()


def make_host(folder: Path, clock: Clock, **config: Any) -> Flask:
    app = Flask("host", instance_path=str(folder))
    app.config.update(SQLALCHEMY_DATABASE_URI=f"naive:///{folder / 'users.db'}", **config)
    db, member = new_database(app)
    Renewal(app, db=db, user_model=member, ambient=Ambient(now=clock))
    app.add_url_rule("/own", view_func=access_required()(lambda: "own"), endpoint="own")
    with app.app_context():
        db.create_all()
    return app


def test_sessions_are_not_kept_there(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(ConfigurationError, match=r"^SQLALCHEMY_DATABASE_URI names a database of naive, .* redis://"):
        make_host(tmp_path, clock)


def test_users_are_there_and_sessions_in_redis(tmp_path: Path, clock: Clock, redis: Redis) -> None:
    app = make_host(tmp_path, clock, RENEWAL_STORE=redis.url)
    client = app.test_client()
    alice = {"username": "alice", "password": "correct staple horse battery"}
    token = client.post("/auth/register", json=alice).get_json()["access_token"]
    assert app.test_client().post("/auth/register", json=alice).status_code == 409
    changed = {"current_password": alice["password"], "new_password": "another staple horse battery"}
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.put("/auth/password", json=changed, headers=bearer).status_code == 204
    assert app.test_client().post("/auth/login", json=alice).status_code == 401
    assert client.get("/own", headers=bearer).text == "own"
    assert app.test_cli_runner().invoke(args=["renewal", "users", "disable", "alice"]).exit_code == 0
    assert client.post("/auth/refresh").get_json()["code"] == "account_disabled"


def test_a_session_is_as_old_as_its_user_though_no_zone_is_kept(tmp_path: Path, clock: Clock, redis: Redis) -> None:
    app = make_host(tmp_path, clock, RENEWAL_STORE=redis.url, RENEWAL_QUIET_WINDOW=0)
    bob = RenewalClient(app).login("bob")
    clock.tick(minutes=1)
    assert bob.refresh().get_json()["user"]["username"] == "bob"
