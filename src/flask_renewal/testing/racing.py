"""Requests that are under way together."""

import threading
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import Connection, StaticPool

from .call import Call
from .jar import CookieJar


def shares_one_connection(app: Flask) -> bool:
    """Say whether all threads of the application would use one database connection, as with SQLite in memory.

    Or as in a suite that has put a connection in the engine's place, to roll each test back.
    """
    with app.app_context():
        engines = app.extensions["sqlalchemy"].engines if "sqlalchemy" in app.extensions else {}
        return any(isinstance(one, Connection) or isinstance(one.pool, StaticPool) for one in engines.values())


class HeldJar(CookieJar):
    """A jar as it was when the requests went out; the cookies of their answers wait until `deliver`."""

    def __init__(self, jar: CookieJar) -> None:
        super().__init__(jar.now, third_party=jar.third_party)
        self._jar = jar
        self._before = jar.copy()
        self._waiting: list[tuple[Call, list[str]]] = []
        self._taking = threading.Lock()

    def header(self, call: Call) -> str:
        """Return the cookies of before."""
        return self._before.header(call)

    def take(self, call: Call, headers: Iterable[str]) -> None:
        """Hold the cookies of an answer back."""
        with self._taking:
            self._waiting.append((call, list(headers)))

    def deliver(self) -> None:
        """Put the cookies of all answers into the jar, in the order they came in."""
        for call, headers in self._waiting:
            self._jar.take(call, headers)
