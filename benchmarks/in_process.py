"""The guard's processor time: the WSGI application is called in one thread, without a server in between."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, jwt_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase

from flask_renewal import Renewal, UserMixin, access_required

from .calls import call, new_folder

CALLS = 100
SECRET = "a secret of the benchmark, 32 by"
PASSWORD = "correct staple horse battery"


def add_hello(app: Flask, guard: Callable[[Any], Any] | None = None, path: str = "/") -> Flask:
    def hello() -> str:
        return "hello"

    app.add_url_rule(path, path, guard(hello) if guard else hello)
    return app


def with_sqlalchemy(**config: Any) -> tuple[Flask, Any, Any]:
    folder = new_folder()
    app = Flask("host", instance_path=str(folder))
    app.config.update(config, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/host.db")

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(app, model_class=Base)

    class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
        pass

    return app, db, User


def ours(**config: Any) -> Flask:
    app, db, user = with_sqlalchemy(**config)
    Renewal(app, db=db, user_model=user)
    with app.app_context():
        db.create_all()
    add_hello(app)
    add_hello(app, access_required(), "/access_required")
    return add_hello(app, jwt_required(), "/jwt_required")


def token_of(app: Flask) -> str:
    """Start a session and return its access token."""
    content = {"username": "alice", "password": PASSWORD}
    return str(app.test_client().post("/auth/register", json=content).get_json()["access_token"])


def theirs() -> tuple[Flask, str]:
    app = Flask("theirs")
    app.config["JWT_SECRET_KEY"] = SECRET
    JWTManager(app)
    with app.app_context():
        return add_hello(app, jwt_required()), create_access_token("alice")


def guards(rounds: int) -> dict[str, list[float]]:
    """Return, for each way to guard "hello", the microseconds of each round; the rounds are interleaved."""
    es256, hs256 = ours(), ours(JWT_SECRET_KEY=SECRET)
    tokens = {id(app): token_of(app) for app in (es256, hs256)}
    extended, their_token = theirs()
    cases: dict[str, tuple[Flask, str, str]] = {
        "bare Flask": (add_hello(Flask("bare")), "/", "none"),
        "bare Flask with Flask-SQLAlchemy": (add_hello(with_sqlalchemy()[0]), "/", "none"),
        "Flask-Renewal, a route without guard": (es256, "/", tokens[id(es256)]),
        "access_required, ES256": (es256, "/access_required", tokens[id(es256)]),
        "access_required, HS256": (hs256, "/access_required", tokens[id(hs256)]),
        "jwt_required over ours, ES256": (es256, "/jwt_required", tokens[id(es256)]),
        "jwt_required over ours, HS256": (hs256, "/jwt_required", tokens[id(hs256)]),
        "Flask-JWT-Extended alone, HS256": (extended, "/", their_token),
    }
    return _interleaved(cases, rounds)


def renewals(rounds: int) -> dict[str, list[float]]:
    """Return the same for a guarded request whose answer carries a renewed token, and for one whose does not."""
    app, renewing = ours(), ours(RENEWAL_HEADER_THRESHOLD=1.0)
    cases = {
        "not renewing": (app, "/access_required", token_of(app)),
        "renewing": (renewing, "/access_required", token_of(renewing)),
    }
    return _interleaved(cases, rounds)


def _interleaved(cases: dict[str, tuple[Flask, str, str]], rounds: int) -> dict[str, list[float]]:
    for case in cases.values():
        call(*case, CALLS)
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            found[name].append(call(*case, CALLS))
    return found
