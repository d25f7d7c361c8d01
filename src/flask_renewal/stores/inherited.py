"""Connections that a fork copies: the child leaves them to its parent, or each would get answers of the other.

A worker of `gunicorn --preload` is one whose master may have asked the database.
"""

import os
from weakref import WeakSet

from sqlalchemy import Engine, Pool, QueuePool

_engines: "WeakSet[Engine]" = WeakSet()
_inherited: list[Pool] = []
"""Not even closed: that might reach the database."""


def leave_to_parent(engine: Engine) -> None:
    """Let `engine` have no connection of its parent's in a process that is forked from now on."""
    _engines.add(engine)


def _begin_anew() -> None:
    for engine in list(_engines):
        if isinstance(engine.pool, QueuePool):  # another one keeps none, or is a database in memory itself
            _inherited.append(engine.pool)
            engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
