"""A host application with routes of its own, guarded in both ways, and users that cost no password hash."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from flask_jwt_extended import current_user, get_jwt, get_jwt_identity, jwt_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase
from werkzeug.test import TestResponse

from flask_renewal import Grant, Renewal, UserMixin, access_required
from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.identity.users.base import Account
from flask_renewal.testing.parts import services_of

GUARDS = {"jwt_required": jwt_required, "access_required": access_required}
RENEWED = "X-Renewed-Access-Token"
LITTLE_LEFT = 11
"""Minutes of 15 after which less than a third is left."""

guards = pytest.mark.parametrize("guard", GUARDS)

Prepare = Callable[[Flask], object]


def new_database(app: Flask) -> tuple[SQLAlchemy, Any]:
    """Return a host's database and its model of users."""

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(app, model_class=Base)

    class User(UserMixin, db.Model):  # type: ignore[name-defined,misc]
        __tablename__ = "host_user"

    return db, User


def make_host(
    folder: Path,
    now: Any,
    *,
    prepare: Prepare | None = None,
    cors_paths: str | None = None,
    create: bool = True,
    **config: Any,
) -> Flask:
    """Make a host; `prepare` runs on it before the extension is set up, and `create` says whether it gets tables."""
    folder.mkdir(exist_ok=True)
    app = Flask("host", instance_path=str(folder), static_folder=None)
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///host.db")
    app.config.update(config)
    db, user_model = new_database(app)
    if prepare is not None:
        prepare(app)
    Renewal(app, db=db, user_model=user_model, ambient=Ambient(now=now), cors_paths=cors_paths)
    for name, guard in GUARDS.items():
        add_routes(app, f"/{name}", guard)
    if create:
        with app.app_context():
            db.create_all()
    return app


def add_routes(app: Flask, path: str, guard: Callable[..., Any]) -> None:
    """Add the routes that tests ask for: plain, fresh, optional, user, claims."""

    def plain() -> Response:
        return jsonify(identity=get_jwt_identity())

    def user() -> Response:
        return jsonify(username=current_user.username if current_user else None)

    def claims() -> Response:
        return jsonify(get_jwt())

    for name, view, options in (
        ("", plain, {}),
        ("/fresh", plain, {"fresh": True}),
        ("/optional", plain, {"optional": True}),
        ("/optional/user", user, {"optional": True}),
        ("/unrevoked", plain, {"skip_revocation_check": True}),
        ("/user", user, {}),
        ("/claims", claims, {}),
    ):
        app.add_url_rule(path + name, endpoint=path + name, view_func=guard(**options)(view))


def sign_in(app: Flask, username: str = "alice", origin: Origin | None = None) -> Grant:
    """Start a session of a user, who is added without a password if need be."""
    services = services_of(app)
    with app.app_context():
        account = services.users.find_by_name(username)
        if account is None:
            account = Account(id=f"id-of-{username}", username=username, password_hash="!")
            account = services.users.add(account, key=username, now=services.ambient.now())
        return services.sessions.start(account, origin or Origin())


def answering(app: Flask, answer: Callable[[], Any], guard: Any = access_required) -> Callable[..., TestResponse]:
    """Add a route that answers so; return what asks it."""
    app.add_url_rule("/answer", view_func=guard()(answer), endpoint="answer", methods=["GET", "POST"])
    return app.test_client().get


def due(app: Flask, clock: Any, **options: Any) -> Grant:
    """Sign in, and let the token get old."""
    grant = sign_in(app, **options)
    clock.tick(minutes=LITTLE_LEFT)
    return grant
