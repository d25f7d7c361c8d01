"""Where the time of a refresh goes: its parts, each called by itself."""

import time
from collections.abc import Callable
from contextlib import closing

from flask import Flask

from flask_renewal import create_app
from flask_renewal.entrances.api import routes as api
from flask_renewal.entrances.api.answers import granted
from flask_renewal.identity.services import current
from flask_renewal.identity.sessions.grants import Grant
from flask_renewal.identity.transport import BY_COOKIE
from flask_renewal.standalone.models import db

from .calls import call, new_folder
from .in_process import PASSWORD, add_hello

CALLS = 50
COMMIT = "the commit, until the disk has it"


def parts(rounds: int) -> dict[str, list[float]]:
    """Return the microseconds of each part, round by round."""
    folder = new_folder()
    config = {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/app.db", "RENEWAL_QUIET_WINDOW": 0}
    app = create_app({**config, "RATELIMIT_ENABLED": False}, instance_path=folder)
    bare = add_hello(Flask("bare"))
    answer = app.test_client().post("/auth/register", json={"username": "alice", "password": PASSWORD}).get_json()
    with app.test_request_context("/auth/refresh", method="POST", base_url="http://127.0.0.1:5000"):
        acts = _acts(answer["session"]["id"])
        found: dict[str, list[float]] = {name: [] for name in ('Flask, to answer "hello"', *acts)}
        moves = "SQL: the row moves on"
        found[COMMIT] = []
        for _ in range(rounds):
            found['Flask, to answer "hello"'].append(call(bare, "/", "none", CALLS))
            durable = _time(acts[moves])
            _set_synchronous("OFF")
            for name, act in acts.items():
                found[name].append(_time(act))
            _set_synchronous("FULL")
            found[COMMIT].append(durable - found[moves][-1])
        db.engine.dispose()
    return found


def _set_synchronous(mode: str) -> None:
    """Let the store's connection, of which one thread needs only one, wait for the disk or not."""
    own = current().store._database._connections.own()  # type: ignore[attr-defined]
    with closing(own.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f"PRAGMA synchronous = {mode}")


def _acts(session_id: str) -> dict[str, Callable[[], object]]:
    services = current()
    session = services.store.find(session_id)
    if session is None or session.username is None:
        raise RuntimeError("the session is not there")
    sessions, access = services.sessions, services.access_tokens
    refresh_token = services.refresh_tokens.issue(session_id=session.id, token_id=session.next, device="")
    grant = Grant(
        session=session, username=session.username, access_token=access.issue(session, fresh=False)[0], expires_in=900,
        refresh_token=refresh_token,
    )  # fmt: skip
    return {
        "the origin": api.check_origin,
        "refresh token, HMAC checked": lambda: services.refresh_tokens.read(refresh_token),
        "SQL: the row moves on": lambda: services.store.touch(session.id, sessions._parts.use(), authenticated=True),
        "access token, ES256 signature and all": lambda: access.issue(session, fresh=False),
        "JSON and cookie": lambda: granted(grant, BY_COOKIE),
    }


def _time(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(CALLS):
        act()
    return (time.perf_counter() - began) / CALLS * 1e6
