"""Reading answers: problems, cookies, rows."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from cookie_names import REFRESH
from flask import Flask
from hosts import RENEWED
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from flask_renewal.ground.errors import StoreUnavailableError
from flask_renewal.standalone.models import db

COOKIE = REFRESH
CHALLENGE = 'Bearer error="invalid_token"'


def assert_problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Check the form of a refusal (RFC 9457); return its members."""
    body = response.get_json()
    assert (response.status_code, body["code"]) == (status, code), response.text
    assert response.mimetype == "application/problem+json"
    assert body["status"] == status
    assert {"type", "title", "detail"} <= set(body)
    assert response.headers["Cache-Control"] == "no-store"
    assert RENEWED not in response.headers
    assert ("WWW-Authenticate" in response.headers) is (status == 401)
    assert response.headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert response.content_length == len(response.get_data())
    return body


def assert_refused(response: TestResponse, code: str, challenge: str) -> None:
    """Check the refusal of a guarded route."""
    assert_problem(response, 401, code)
    assert response.headers.getlist("WWW-Authenticate") == [challenge]
    assert "Set-Cookie" not in response.headers


@dataclass(frozen=True)
class Cookie:
    """What one `Set-Cookie` says."""

    value: str
    attributes: dict[str, str]
    """By name in lower case; empty for a flag."""

    def __getitem__(self, attribute: str) -> str | None:
        return self.attributes.get(attribute)


def cookies(response: TestResponse) -> dict[str, Cookie]:
    """Return what the answer sets, by name; a name that is set twice is an error."""
    found: dict[str, Cookie] = {}
    for line in response.headers.getlist("Set-Cookie"):
        (name, value), *attributes = (part.partition("=")[::2] for part in line.split("; "))
        assert name not in found
        found[name] = Cookie(value, {attribute.lower(): text for attribute, text in attributes})
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


def import_hash(app: Flask, password_hash: str) -> None:
    """Give every user of the application this hash, as an import from another one does."""
    with app.app_context():
        db.session.execute(text("UPDATE renewal_user SET password_hash = :hash"), {"hash": password_hash})
        db.session.commit()


def away(*_: Any, **__: Any) -> None:
    """Stand in for a verb of a store that cannot be reached."""
    raise StoreUnavailableError from OperationalError("UPDATE secret_table", {"p": "secret"}, Exception("secret"))


def session_count(app: Flask) -> int:
    return int(rows(app, "SELECT count(*) FROM renewal_session WHERE ended_at IS NULL")[0][0])
