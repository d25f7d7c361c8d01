"""Whom a test means: by name, by id, or by the host's own object."""

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState

from ..ground.errors import AccountError, RenewalError, UnknownUserError
from ..ground.text import username_key
from ..identity.users.base import Account, Users
from .parts import services_of

NO_PASSWORD = "!no password"  # noqa: S105 - it is none
"""What stands in the place of a password hash for users whom the kit adds: no password fits it."""


def user_id_of(app: Flask, user: object) -> str:
    """Return the id of whom a test means, within an application context.

    Where accounts are ours a text is a name, else an id, else the name of a user who is added.
    """
    services = services_of(app)
    if services.ours is None or not isinstance(user, str):
        return plain_id(user)
    named = _named(services.users, user) or services.users.find(user)
    return (named or _added(app, user)).id


def username_of(app: Flask, user: object) -> str:
    """Return by which name somebody signs in with a password."""
    if isinstance(user, str):
        return user
    with app.app_context():
        account = services_of(app).users.find(plain_id(user))
    if account is None:
        raise LookupError(nobody(user))
    return account.username


def plain_id(user: object) -> str:
    """Return an id as text: that of an object is its primary key, its `id`, or what Flask-Login calls `get_id()`."""
    if isinstance(user, str | int | UUID):
        return str(user)
    state: Any = inspect(user, raiseerr=False)
    if isinstance(state, InstanceState) and state.identity:  # its attributes may be gone with the session it came of
        return str(state.identity[0])
    known = getattr(user, "id", None)
    if known is None and hasattr(user, "get_id"):
        known = user.get_id()
    if known is None:
        raise LookupError(f"{user!r} has no id; give login() a user who is stored, an id, or a name.")
    return str(known)


def refused(app: Flask, user: object, error: RenewalError) -> Exception:
    """Return what to raise in a test where somebody cannot be signed in."""
    if isinstance(error, UnknownUserError):
        return LookupError(nobody(user))
    if services_of(app).ours is None:
        return AssertionError(f"{user} cannot sign in: user_loader finds nobody who is active, as far as is committed")
    return AssertionError(f"{user} cannot sign in: the account is disabled")


def nobody(user: object) -> str:
    """Return what to say of somebody whom the application does not find."""
    return f"There is no user {user}, as far as is committed; commit what the test has added, then sign in."


def _named(users: Users, name: str) -> Account | None:
    try:
        return users.find_by_name(username_key(name))
    except RenewalError:  # it is no name; it may be an id
        return None


def _added(app: Flask, name: str) -> Account:
    services, key = services_of(app), username_key(name)
    account = Account(id=services.ambient.new_id(), username=name, password_hash=NO_PASSWORD)
    add = services.accounts.enrolling.add
    try:
        return add(account, key=key, now=services.ambient.now(), fields={"username": name})
    except AccountError as error:
        raise LookupError(f"{name} cannot be added by name alone; add the user first, then sign in.") from error
