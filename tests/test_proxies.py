"""Behind a proxy: whose word counts."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD
from flask import Flask, jsonify, request

ALICE = {"username": "alice", "password": PASSWORD}


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "api.example.com",
    "X-Forwarded-Port": "443",
}


def reflecting(app: Flask) -> Any:
    app.add_url_rule("/reflect", view_func=lambda: jsonify(request.scheme, request.host, request.remote_addr))
    return app.test_client()


@pytest.mark.parametrize(
    ("count", "seen"),
    [(0, ["http", "localhost", "127.0.0.1"]), (1, ["https", "api.example.com", "203.0.113.9"])],
    ids=["none", "one"],
)
def test_forwarded_headers_are_believed_as_far_as_proxies_are_trusted(
    make_app: Callable[..., Flask], count: int, seen: list[str]
) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=count))
    assert client.get("/reflect", headers=FORWARDED).get_json() == seen


def test_only_the_last_proxys_word_counts(make_app: Callable[..., Flask]) -> None:
    client = reflecting(make_app(RENEWAL_TRUSTED_PROXIES=1))
    headers = {**FORWARDED, "X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Host": "evil.test, api.example.com"}
    assert client.get("/reflect", headers=headers).get_json() == ["https", "api.example.com", "203.0.113.9"]


def test_a_spoofed_address_does_not_move_the_limit(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_RATELIMIT_LOGIN="2 per hour").test_client()
    content = {"password": "wrong"}
    statuses = [
        client.post(
            "/auth/login",
            json={**content, "username": f"user-{number}"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"},
        ).status_code
        for number in range(3)
    ]
    assert statuses == [401, 401, 429]


@pytest.mark.parametrize(
    "host", ["evil.test", "api.example.com.evil.test", "user@api.example.com", "api.example.com:99999x"]
)
def test_a_host_that_is_not_trusted_is_refused(make_app: Callable[..., Flask], host: str) -> None:
    client = make_app(TRUSTED_HOSTS=["api.example.com"]).test_client()
    for path in ("/auth/login", "/auth/me", "/healthz"):
        response = client.post(path, json=ALICE, headers={"Host": host})
        assert_problem(response, 400, "invalid_request")
        assert "Set-Cookie" not in response.headers
