"""The browser client as the application serves it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

PAGE = "https://app.example.com"
IMPORTED = re.compile(r'from "\./([a-z/]+\.js)"')


@pytest.mark.parametrize("path", ["/auth/client.js", "/auth/account.js", "/auth/client/renewal.js"])
def test_a_module_is_javascript(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)
    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_every_module_that_is_imported_is_served(client: FlaskClient) -> None:
    entry = IMPORTED.findall(client.get("/auth/client.js", buffered=True).text)
    assert entry
    assert {path: client.get(f"/auth/{path}", buffered=True).status_code for path in entry} == dict.fromkeys(entry, 200)


def test_a_module_is_kept_and_asked_after_however_long_the_hosts_files_are_kept(make_app: Callable[..., Flask]) -> None:
    client = make_app(SEND_FILE_MAX_AGE_DEFAULT=3600).test_client()
    first = client.get("/auth/client.js", buffered=True)
    again = client.get("/auth/client.js", headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (first.headers["Cache-Control"], again.status_code, again.data) == ("no-cache", 304, b"")


@pytest.mark.parametrize("path", ["client/nothing.js", "client/..%2fpackage.js", "package.json", "client/types.d.ts"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    response = client.get(f"/auth/{path}")
    assert (response.status_code, response.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(("origin", "allowed"), [(PAGE, PAGE), ("https://evil.example", None)])
def test_only_a_trusted_origin_may_import_a_module(
    make_app: Callable[..., Flask], origin: str, allowed: str | None
) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=[PAGE])
    for path in ("/auth/client.js", "/auth/client/token.js"):
        response = app.test_client().get(path, headers={"Origin": origin}, buffered=True)
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        assert "Origin" in response.vary


def test_the_client_moves_with_the_api(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_URL_PREFIX="/api/session").test_client()
    assert client.get("/api/session/client.js", buffered=True).status_code == 200
