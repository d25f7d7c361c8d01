"""Users of a host, of which a test can hold one call while somebody else goes on."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from hosts import new_database
from patience import PATIENCE

from flask_renewal import Renewal, Users
from flask_renewal.identity.users.sql import SQLUsers
from flask_renewal.stores.database import Database


@dataclass(kw_only=True)
class Gate:
    """Where a call is held: before or after it does its work; calls of this method before that one pass."""

    method: str
    after: bool = False
    passing: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def hold(self) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)


class HeldUsers:
    """The users behind it; one call after `while_held` is held."""

    def __init__(self, users: Users) -> None:
        self._users = users
        self._gate: Gate | None = None

    def __getattr__(self, method: str) -> Any:
        return partial(self._call, method)

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        gate = self._taken(method)
        if gate is not None and not gate.after:
            gate.hold()
        answer = getattr(self._users, method)(*args, **kwargs)
        if gate is not None and gate.after:
            gate.hold()
        return answer

    def _taken(self, method: str) -> Gate | None:
        """Return the gate if this is the call that it is for."""
        gate = self._gate
        if gate is None or gate.method != method:
            return None
        if gate.passing:
            gate.passing -= 1
            return None
        self._gate = None
        return gate

    @contextmanager
    def while_held(self, gate: Gate, ask: Callable[[], Any]) -> Iterator[Future[Any]]:
        """Ask in a thread, which is held at the gate until the block is done; give what will be the answer."""
        self._gate = gate
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(ask)
            try:
                assert gate.reached.wait(PATIENCE)
                yield answer
            finally:
                gate.opened.set()


def host_with_held_users(folder: Path, **config: Any) -> tuple[Flask, HeldUsers]:
    """Make a host whose users are rows of a SQLite file."""
    app = Flask("host", instance_path=str(folder), static_folder=None)
    app.config.update(SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'host.db'}", RATELIMIT_ENABLED=False, **config)
    db, model = new_database(app)
    with app.app_context():
        users = HeldUsers(SQLUsers(Database(db.engine), model.__table__, load=str))
        Renewal(app, db=db, users=users)
        db.create_all()
    return app, users
