"""A database that fails at each statement of a use case in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event, exc

MOMENTS = ("before_cursor_execute", "after_cursor_execute")


@contextmanager
def failing(app: Flask, moment: str, at: int, *, on: bool) -> Iterator[list[str]]:
    """Let the database fail at the statement of this number; yield the statements so far."""
    seen: list[str] = []

    def fail(*what: Any) -> None:
        seen.append(what[2])
        if len(seen) == at or (on and len(seen) > at):
            raise exc.OperationalError("", {}, Exception("the database is away"))

    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, moment, fail)
    try:
        yield seen
    finally:
        event.remove(engine, moment, fail)
