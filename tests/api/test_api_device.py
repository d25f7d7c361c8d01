"""Sessions that are bound to a device id."""

from typing import Any

import pytest
from answers import COOKIE, assert_problem, cookies, rows
from conftest import PASSWORD, Clock
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

pytestmark = pytest.mark.usefixtures("login")


def refresh(client: FlaskClient, token: str | None = None, **headers: str) -> TestResponse:
    """Refresh with the jar's cookie, or with this one."""
    if token is not None:
        client.set_cookie(COOKIE, token)
    return client.post("/auth/refresh", headers=headers)


def snapshot(app: Flask) -> list[Any]:
    return rows(app, "SELECT * FROM renewal_session")


def test_a_bound_session_refreshes_on_its_device_only(app: Flask, client: FlaskClient) -> None:
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD, "device_id": "device-1"})
    before = snapshot(app)
    for headers in ({}, {"X-Device-Id": "device-2"}, {"X-Device-Id": ""}):
        response = client.post("/auth/refresh", headers=headers)
        assert_problem(response, 401, "device_mismatch")
        assert "Set-Cookie" not in response.headers
    assert snapshot(app) == before
    assert refresh(client, **{"X-Device-Id": "device-1"}).status_code == 200


def test_a_session_stays_bound_through_every_rotation(client: FlaskClient, clock: Clock) -> None:
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD, "device_id": "device-1"})
    for _ in range(3):
        clock.tick(minutes=2)
        assert_problem(refresh(client), 401, "device_mismatch")
        assert cookies(refresh(client, **{"X-Device-Id": "device-1"}))


def test_an_unbound_session_takes_any_device_id(client: FlaskClient) -> None:
    assert refresh(client, **{"X-Device-Id": "whatever"}).status_code == 200


def test_a_device_id_is_not_stored_in_clear(app: Flask, client: FlaskClient) -> None:
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD, "device_id": "device-number-1"})
    assert "device-number-1" not in str(snapshot(app))
    assert "device-number-1" not in str(client.get_cookie(COOKIE))


@pytest.mark.parametrize("device_id", [" padded ", "日本", "a\x00b", "a\nb"], ids=ascii)
def test_a_device_id_that_no_header_can_carry_is_refused(client: FlaskClient, device_id: str) -> None:
    content = {"username": "alice", "password": PASSWORD, "device_id": device_id}
    assert assert_problem(client.post("/auth/login", json=content), 422, "invalid_request")["field"] == "device_id"
