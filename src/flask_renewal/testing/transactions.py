"""What a test has begun and not committed: the client, on connections of its own, neither sees it nor gets past it."""

from typing import Any

from flask import Flask, current_app, has_app_context
from sqlalchemy import Connection, select

from ..ground.text import username_key
from ..identity.users.sql import SQLUsers
from ..stores.sqlite import has_written
from .parts import services_of
from .racing import shares_one_connection

_CURE = (
    "commit it first, or put the test's connection into db.engines[None], so that sessions are on it, too"
    " (docs/testing.md, Every test rolled back)."
)


def check_transaction(app: Flask, user: object) -> None:
    """Raise `AssertionError` where the test has a transaction open that `user` is not let in before.

    It would be waited for, and the test that holds it waits for the client.
    """
    session = _open_session(app)
    if session is None:
        return
    db = app.extensions["sqlalchemy"]
    if isinstance(session.get_bind(), Connection):
        raise AssertionError(f"The test's session is in a transaction on a connection of its own; {_CURE}")
    if db.engine.dialect.name == "sqlite" and has_written(db.session, db.engine):
        raise AssertionError(f"The test has written to the SQLite database, and nobody else can now; {_CURE}")
    if isinstance(user, str) and services_of(app).ours is not None:
        _check_name(app, session, username_key(user))


def _check_name(app: Flask, session: Any, key: str) -> None:
    """Raise `AssertionError` where the test alone has somebody of this name: to add one, too, would wait for it."""
    users = services_of(app).users
    if not isinstance(users, SQLUsers) or users.find_by_name(key) is not None:
        return
    if session.execute(select(users.table.c.id).where(users.table.c.username_key == key)).first() is not None:
        raise AssertionError(f"The test has added {key} and not committed that; {_CURE}")


def _open_session(app: Flask) -> Any:
    """Return the session of the test's application context, if it is in a transaction that is not the client's, too."""
    if not has_app_context() or current_app._get_current_object() is not app:  # type: ignore[attr-defined]
        return None
    db = app.extensions.get("sqlalchemy")
    if db is None or None not in db.engines or not db.session.registry.has() or shares_one_connection(app):
        return None
    session = db.session()
    return session if session.in_transaction() else None
