"""The tables are where the host keeps its own: in a schema, by another name, behind a routing session, by its rules."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from engines import PostgreSQL
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from poolers import PgBouncer
from sqlalchemy import Engine, MetaData, NullPool, create_engine, event, inspect
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Renewal, UserMixin
from flask_renewal.testing import RenewalClient

Lay = Callable[..., Flask]


def lay(folder: Path, *, metadata: MetaData | None = None, db: dict[str, Any] | None = None, **config: Any) -> Flask:
    """Make a host whose tables are laid out so."""
    app = Flask("layout", instance_path=str(folder))
    app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite:///host.db", "RENEWAL_QUIET_WINDOW": 0, **config})
    base = type("Base", (DeclarativeBase,), {"metadata": metadata or MetaData()})
    hosts = SQLAlchemy(app, model_class=base, **(db or {}))
    member = type("Member", (UserMixin, hosts.Model), {})
    Renewal(app, db=hosts, user_model=member)
    return app


def assert_everything_works(app: Flask) -> None:
    with app.app_context():
        app.extensions["sqlalchemy"].create_all()
    name = str(uuid4())
    alice, phone = RenewalClient(app).login(name), RenewalClient(app).login(name)
    assert alice.refresh().get_json()["user"]["username"] == name
    assert len(alice.get("/auth/sessions").get_json()["sessions"]) == 2
    assert alice.delete("/auth/sessions").get_json() == {"ended": 1}
    phone.assert_ended()
    assert "tables_out_of_date" not in app.test_cli_runner().invoke(args=["renewal", "check"]).output


def tables(app: Flask, schema: str | None = None) -> set[str]:
    with app.app_context():
        return set(inspect(app.extensions["sqlalchemy"].engine).get_table_names(schema))


@pytest.mark.parametrize("name", ["logins", "order", "select"], ids=["plain", "a word of SQL", "another"])
def test_the_table_of_sessions_has_the_name_that_the_host_gives_it(tmp_path: Path, name: str) -> None:
    app = lay(tmp_path, RENEWAL_TABLE=name)
    assert_everything_works(app)
    assert tables(app) == {"member", name}


CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}


def test_the_hosts_naming_conventions_hold_for_ours(tmp_path: Path) -> None:
    app = lay(tmp_path, metadata=MetaData(naming_convention=CONVENTION))
    assert_everything_works(app)
    with app.app_context():
        key = inspect(app.extensions["sqlalchemy"].engine).get_pk_constraint("renewal_session")
    assert key["name"] == "pk_renewal_session"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    try:
        yield server.start(fsync="off")
    finally:
        server.remove()


def test_in_a_schema_of_the_hosts_a_factory_is_called_more_than_once(tmp_path: Path, postgresql: PostgreSQL) -> None:
    assert postgresql.sql("CREATE SCHEMA shop") is not None
    metadata = MetaData(schema="shop")
    for name in ("one", "two"):
        app = lay(tmp_path / name, metadata=metadata, SQLALCHEMY_DATABASE_URI=postgresql.url)
        assert_everything_works(app)
        metadata.remove(metadata.tables["shop.member"])
    assert tables(app, "shop") == {"member", "renewal_session"}


def test_a_schema_that_the_engine_translates_is_the_one(tmp_path: Path, postgresql: PostgreSQL) -> None:
    assert postgresql.sql("CREATE SCHEMA tenant") is not None
    options = {"execution_options": {"schema_translate_map": {None: "tenant"}}}
    app = lay(tmp_path, SQLALCHEMY_DATABASE_URI=postgresql.url, SQLALCHEMY_ENGINE_OPTIONS=options)
    assert_everything_works(app)
    assert tables(app, "tenant") == {"member", "renewal_session"}


@pytest.mark.parametrize("pool", [{}, {"poolclass": NullPool}], ids=["a pool of the host's before it", "none"])
def test_behind_a_pooler_that_lends_connections_for_a_transaction(
    tmp_path: Path, postgresql: PostgreSQL, pool: dict[str, Any]
) -> None:
    pooler = PgBouncer(postgresql)
    try:
        as_told = {"connect_args": {"prepare_threshold": None}, **pool}
        app = lay(tmp_path, SQLALCHEMY_DATABASE_URI=pooler.start().url, SQLALCHEMY_ENGINE_OPTIONS=as_told)
        assert_everything_works(app)
        alice = RenewalClient(app).login("alice")
        assert {alice.refresh().status_code for _ in range(12)} == {200}, "a driver prepares what it sends often"
        assert [answer.status_code for answer in alice.race(8)] == [200] * 8
    finally:
        pooler.remove()


def routed_to(replica: Engine) -> type[Session]:
    class Routing(Session):
        """Reads from a replica, as hosts with one do."""

        def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Any:
            if bind is not None or self._flushing:
                return super().get_bind(mapper, clause, bind, **kwargs)
            return replica

    return Routing


def test_sessions_are_read_where_they_are_written_whatever_the_host_reads_from(tmp_path: Path) -> None:
    asked: list[str] = []
    replica = create_engine(f"sqlite:///{tmp_path / 'replica.db'}")
    event.listen(replica, "before_cursor_execute", lambda *what: asked.append(what[2]))
    app = lay(tmp_path, db={"session_options": {"class_": routed_to(replica)}})
    assert_everything_works(app)
    assert asked == []
    replica.dispose()
