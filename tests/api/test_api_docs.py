"""The page at /auth/docs: only where it is asked for, whole, and with nothing from elsewhere."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flask_renewal.entrances.api.description import OPERATIONS
from flask_renewal.ground.errors import SignInRefusedError


@pytest.fixture
def reader(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(RENEWAL_API_DOCS=True).test_client()


def test_there_is_none_unless_it_is_asked_for(client: FlaskClient) -> None:
    assert [client.get(path).status_code for path in ("/auth/docs", "/auth/docs.css")] == [404, 404]


def test_it_shows_each_route_and_each_code(reader: FlaskClient) -> None:
    page = reader.get("/auth/docs").text
    codes = {refusal.code for one in OPERATIONS for refusal in one.refusals if refusal is not SignInRefusedError}
    assert [one.id for one in OPERATIONS if f'id="{one.id}"' not in page] == []
    assert [code for code in codes if f"<code>{code}</code>" not in page] == []
    assert "correct staple horse battery" in page
    assert ("in the header <code>X-Device-Id</code>." in page, "`" in page) == (True, False)


def test_it_needs_no_script_and_no_file_from_elsewhere(reader: FlaskClient) -> None:
    answer = reader.get("/auth/docs")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert re.findall(r"<script|style=|(?:src|href)=\"(?!/auth/|#)", answer.text) == []
    style = reader.get("/auth/docs.css")
    assert answer.headers["Cache-Control"] == style.headers["Cache-Control"] == "no-cache"
    assert (style.status_code, style.mimetype) == (200, "text/css")
    assert "url(" not in style.text


def test_it_is_there_below_another_prefix(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_API_DOCS=True, RENEWAL_URL_PREFIX="/api/session").test_client()
    page = client.get("/api/session/docs", base_url="https://example.com/shop").text
    assert 'href="/shop/api/session/docs.css"' in page
    assert "/api/session/refresh" in page
