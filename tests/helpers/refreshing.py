"""Refreshing by a plain client, as somebody does who has the cookie."""

from typing import Any

import pytest
from answers import COOKIE, rows
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BODY = {"X-Refresh-Transport": "body"}


@pytest.fixture
def first(client: FlaskClient, login: dict[str, Any]) -> str:
    """Return the refresh token of signing in."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def refresh(client: FlaskClient, token: str | None = None, **headers: str) -> TestResponse:
    """Refresh with the jar's cookie, or with this one."""
    if token is not None:
        client.set_cookie(COOKIE, token)
    return client.post("/auth/refresh", headers=headers)


def snapshot(app: Flask) -> list[Any]:
    """Return every session as the table has it."""
    return rows(app, "SELECT * FROM renewal_session")
