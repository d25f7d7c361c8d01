"""Reading answers: problems, cookies, rows."""

from contextlib import closing
from http.cookies import Morsel, SimpleCookie
from typing import Any

from flask import Flask
from hosts import RENEWED
from sqlalchemy import text
from werkzeug.test import TestResponse

from flask_renewal.models import db

COOKIE = "refresh_token"


def assert_problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Check the form of a refusal (RFC 9457); return its members."""
    body = response.get_json()
    assert (response.status_code, body["code"]) == (status, code), response.text
    assert response.mimetype == "application/problem+json"
    assert body["status"] == status
    assert {"type", "title", "detail"} <= set(body)
    assert response.headers["Cache-Control"] == "no-store"
    assert RENEWED not in response.headers
    return body


def cookies(response: TestResponse) -> dict[str, Morsel[str]]:
    """Return what the answer sets, by name; a name that is set twice is an error."""
    found: dict[str, Morsel[str]] = {}
    for line in response.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            assert name not in found
            found[name] = morsel
    return found


def is_cleared(response: TestResponse, name: str = COOKIE) -> bool:
    cookie = cookies(response).get(name)
    return cookie is not None and cookie.value == "" and cookie["max-age"] == "0"


def rows(app: Flask, query: str) -> list[Any]:
    """Return what the database answers to some SQL."""
    with app.app_context(), closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(str(text(query)))
        return list(cursor.fetchall())


def session_count(app: Flask) -> int:
    return int(rows(app, "SELECT count(*) FROM renewal_session WHERE ended_at IS NULL")[0][0])
