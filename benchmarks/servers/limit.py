"""The limit: a bare Flask route with nothing but what any rotating refresh must do.

One prepared ``UPDATE … RETURNING`` through the driver, one HMAC check, one HMAC-signed refresh token in a cookie, one
ES256 access token. No checks of origin, account, rate or reuse; no way to end a session.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from typing import Any

import jwt
import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, Response, jsonify, request

DATABASE = os.environ["BENCHMARK_DATABASE"]
"""A path for SQLite, or a ``postgresql://`` URL."""
ON_POSTGRES = DATABASE.startswith("postgresql://")
SECRET = b"a secret of the benchmark, 32 by"
IDLE_SECONDS = 7 * 86400

_SQL = """
UPDATE limit_session SET superseded = current, current = next, next = {0}, rotated_at = {0}, idle_expires_at = {0}
WHERE id = {0} AND next = {0} AND rotated_at < {0} AND ended_at IS NULL AND idle_expires_at > {0} RETURNING user_id
"""
_CREATE = """
CREATE TABLE IF NOT EXISTS limit_session (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, superseded TEXT, current TEXT,
next TEXT NOT NULL, rotated_at FLOAT NOT NULL, idle_expires_at FLOAT NOT NULL, ended_at FLOAT)
"""
_INSERT = "INSERT INTO limit_session (id, user_id, next, rotated_at, idle_expires_at) VALUES ({0}, {0}, {0}, 0, {0})"

app = Flask("limit")
key = ec.generate_private_key(ec.SECP256R1())
held = threading.local()


def connection() -> Any:
    """Return this thread's connection, which commits each statement."""
    if not hasattr(held, "connection"):
        if ON_POSTGRES:
            held.connection = psycopg.connect(DATABASE, autocommit=True, prepare_threshold=0)
        else:
            held.connection = sqlite3.connect(DATABASE, isolation_level=None, timeout=10)
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                held.connection.execute(f"PRAGMA {pragma}")
    return held.connection


def placed(statement: str) -> str:
    return statement.format("%s" if ON_POSTGRES else "?")


ROTATE = placed(_SQL)


def mac(content: str) -> str:
    digest = hmac.digest(SECRET, content.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def answer(session_id: str, user_id: str, token_id: str) -> Response:
    now = int(time.time())
    claims = {"sub": user_id, "sid": session_id, "iat": now, "exp": now + 900, "jti": secrets.token_urlsafe(16)}
    response = jsonify(access_token=jwt.encode(claims, key, "ES256"), token_type="Bearer", expires_in=900)
    content = f"{session_id}.{token_id}"
    token = f"{content}.{mac(content)}"
    response.set_cookie("refresh_token", token, max_age=IDLE_SECONDS, httponly=True, samesite="Lax")
    return response


@app.post("/login")
def login() -> Response:
    """Start a session; stands outside of what is measured."""
    session_id, token_id = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    connection().execute(placed(_INSERT), (session_id, "alice", token_id, time.time() + IDLE_SECONDS))
    return answer(session_id, "alice", token_id)


@app.post("/refresh")
def refresh() -> Response | tuple[str, int]:
    session_id, token_id, signature = request.cookies["refresh_token"].split(".")
    if not hmac.compare_digest(signature, mac(f"{session_id}.{token_id}")):
        return "", 401
    now, fresh = time.time(), secrets.token_urlsafe(16)
    values = (fresh, now, now + IDLE_SECONDS, session_id, token_id, now, now)
    row = connection().execute(ROTATE, values).fetchone()
    return ("", 401) if row is None else answer(session_id, row[0], fresh)


@app.get("/hello")
def hello() -> str:
    return "hello"


with suppress(psycopg.errors.UniqueViolation):  # the other worker was just as fast
    connection().execute(_CREATE)
