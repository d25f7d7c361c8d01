"""Who may change state: our own origin, trusted ones, and who sends no cookie of ours along."""

from collections.abc import Callable

import pytest
from answers import assert_problem
from flask import Flask
from flask.testing import FlaskClient

from flask_renewal.ground.events import untrusted_origin

EVIL = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com"}
BY_BODY = {"X-Refresh-Transport": "body"}


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(RENEWAL_BODY_TRANSPORT=True, RENEWAL_TRUSTED_ORIGINS=["https://app.example.com"]).test_client()


def test_a_foreign_page_is_refused_and_told_of(client: FlaskClient) -> None:
    heard: list[object] = []
    with untrusted_origin.connected_to(lambda app, **facts: heard.append(facts)):
        assert_problem(client.post("/auth/refresh", headers=EVIL), 403, "untrusted_origin")
    assert heard == [{"origin": "https://evil.example.com", "refused": True}]


def test_to_read_changes_nothing_whichever_page_asks(client: FlaskClient) -> None:
    assert client.get("/auth/openapi.json", headers=EVIL).status_code == 200
    assert_problem(client.get("/auth/me", headers=EVIL), 401, "token_missing")


def test_while_it_is_only_reported_a_foreign_page_is_let_through_and_told_of(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_UNTRUSTED_ORIGINS="report").test_client()
    heard: list[object] = []
    with untrusted_origin.connected_to(lambda app, **facts: heard.append(facts)):
        assert_problem(client.post("/auth/refresh", headers=EVIL), 401, "refresh_token_missing")
    assert heard == [{"origin": "https://evil.example.com", "refused": False}]


def test_a_trusted_page_is_heard(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example.com"}
    assert_problem(client.post("/auth/refresh", headers=headers), 401, "refresh_token_missing")


def test_a_client_without_cookies_may_come_from_anywhere(client: FlaskClient) -> None:
    assert_problem(client.post("/auth/refresh", headers=EVIL | BY_BODY), 401, "refresh_token_missing")


@pytest.mark.parametrize("name", ["refresh_token", "access_token"])
def test_one_with_a_cookie_of_ours_may_not(client: FlaskClient, name: str) -> None:
    client.set_cookie(name, "x")
    assert_problem(client.post("/auth/refresh", headers=EVIL | BY_BODY), 403, "untrusted_origin")
