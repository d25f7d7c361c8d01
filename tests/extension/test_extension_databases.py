"""Which database is asked for: none, where sessions and users are elsewhere, and by its name where it has one."""

from pathlib import Path
from typing import Any

import pytest
from conftest import NOON
from engines import Redis
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hosts import new_database
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Account, ConfigurationError, Renewal, UserMixin, access_required
from flask_renewal.ground.ambient import Ambient
from flask_renewal.testing import RenewalClient
from flask_renewal.testing.parts import services_of

ALICE = Account(id="1", username="alice", password_hash="!", created_at=NOON)


class Alice:
    """The only user of a host that keeps its users nowhere."""

    def find(self, user_id: str) -> Account | None:
        return ALICE if user_id == ALICE.id else None

    def find_by_name(self, key: str) -> Account | None:
        return ALICE if key == ALICE.username else None

    def load(self, user_id: str) -> Account | None:
        return self.find(user_id)

    def __getattr__(self, verb: str) -> Any:
        raise AssertionError(f"nobody asks to {verb}")


@pytest.fixture
def app(tmp_path: Path, redis_server: Redis) -> Flask:
    app = Flask("documents", instance_path=str(tmp_path))
    app.config["RENEWAL_STORE"] = redis_server.url
    app.add_url_rule("/own", view_func=access_required()(lambda: "own"), endpoint="own")
    return app


def assert_everything_works(app: Flask) -> None:
    alice = RenewalClient(app).login("alice")
    assert alice.get("/own").text == "own"
    assert [answer.status_code for answer in alice.race(2)] == [200, 200]
    assert app.test_cli_runner().invoke(args=["renewal", "check"]).exit_code == 0
    assert alice.logout().status_code == 204
    alice.assert_ended()


def test_sessions_in_redis_and_users_of_the_hosts_need_no_database(app: Flask) -> None:
    Renewal(app, users=Alice())
    assert_everything_works(app)


@pytest.mark.parametrize("early", [True, False], ids=["before the application", "with it"])
def test_whatever_is_given_counts_whenever_it_is_given(app: Flask, early: bool) -> None:
    given: dict[str, Any] = {"users": Alice(), "cors_paths": "/own", "ambient": Ambient(now=lambda: NOON)}
    app.config["RENEWAL_TRUSTED_ORIGINS"] = ["https://app.example.com"]
    Renewal(**given if early else {}).init_app(app, **{} if early else given)
    answer = RenewalClient(app).login("alice").get("/own", headers={"Origin": "https://app.example.com"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert services_of(app).users is given["users"]
    assert services_of(app).ambient is given["ambient"]


def test_nor_one_of_its_own_where_the_host_has_named_ones(app: Flask, tmp_path: Path) -> None:
    app.config["SQLALCHEMY_BINDS"] = {"people": f"sqlite:///{tmp_path / 'people.db'}"}
    Renewal(app, db=SQLAlchemy(app), users=Alice())
    assert_everything_works(app)


def test_a_model_of_a_named_database_is_enough(app: Flask, tmp_path: Path) -> None:
    app.config["SQLALCHEMY_BINDS"] = {"people": f"sqlite:///{tmp_path / 'people.db'}"}
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
    person = type("Person", (UserMixin, db.Model), {"__bind_key__": "people"})
    Renewal(app, db=db, user_model=person)
    assert "table person" in app.test_cli_runner().invoke(args=["renewal", "check"]).output
    with app.app_context():
        db.create_all("people")
    assert_everything_works(app)


def test_a_model_of_a_named_database_that_the_host_has_not_says_which_is_missing(app: Flask) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
    person = type("Person", (UserMixin, db.Model), {"__bind_key__": "people"})
    with pytest.raises(ConfigurationError, match=r"SQLALCHEMY_BINDS\['people'\] is not set; set it"):
        Renewal(app, db=db, user_model=person)


def test_where_nothing_says_where_sessions_are_kept_the_start_says_what_to_pass(app: Flask) -> None:
    app.config["RENEWAL_STORE"] = None
    with pytest.raises(ConfigurationError, match="pass db=db, or set RENEWAL_STORE to a redis:// URL"):
        Renewal(app, users=Alice())
    assert "flask-renewal" not in app.extensions


def test_a_model_without_its_database_says_what_to_pass(app: Flask) -> None:
    other = Flask("other")
    other.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    _, model = new_database(other)
    with pytest.raises(ConfigurationError, match="pass db=db"):
        Renewal(app, user_model=model)


def test_sessions_are_not_put_into_a_named_database(app: Flask) -> None:
    app.config.update(RENEWAL_STORE=None, SQLALCHEMY_BINDS={"people": "sqlite://"})
    with pytest.raises(ConfigurationError, match="SQLALCHEMY_DATABASE_URI is not set; set it, or"):
        Renewal(app, db=SQLAlchemy(app), users=Alice())
