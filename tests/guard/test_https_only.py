"""Plain http where the host wants https only, and what browsers are told over https."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import assert_problem
from conftest import PASSWORD
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PUBLIC = "http://api.example.com"
PERSON = {"username": "alice", "password": PASSWORD}
STRICT = "Strict-Transport-Security"
MakeApp = Callable[..., Flask]


@pytest.fixture
def client(make_app: MakeApp) -> FlaskClient:
    return make_app(RENEWAL_HTTPS_ONLY=True).test_client()


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/auth/login"), ("post", "/auth/refresh"), ("get", "/auth/me"), ("get", "/auth/ended-sessions")],
)
def test_the_api_refuses_plain_http_and_leads_nowhere(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method, base_url=PUBLIC, json=PERSON if method == "post" else None)
    assert_problem(answer, 403, "https_required")
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_nobody_is_signed_up_over_plain_http(client: FlaskClient) -> None:
    assert_problem(client.post("/auth/register", base_url=PUBLIC, json=PERSON), 403, "https_required")
    assert client.post("/auth/register", base_url="https://api.example.com", json=PERSON).status_code == 201


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1", "[::1]:5000"])
def test_a_loopback_name_needs_no_tls(client: FlaskClient, host: str) -> None:
    assert client.post("/auth/register", base_url=f"http://{host}", json=PERSON).status_code == 201


def test_a_page_leads_to_https_with_all_that_was_asked(client: FlaskClient) -> None:
    answer = client.get("/login?next=%2Faccount&x=1", base_url=PUBLIC)
    assert (answer.status_code, answer.headers["Location"]) == (
        308,
        "https://api.example.com/login?next=/account&x=1",
    )


def test_a_form_over_plain_http_is_refused(client: FlaskClient) -> None:
    answer = client.post("/login", base_url=PUBLIC, data=PERSON)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_what_a_believed_proxy_says_of_tls_counts(make_app: MakeApp) -> None:
    client = make_app(RENEWAL_HTTPS_ONLY=True, RENEWAL_TRUSTED_PROXIES=1).test_client()
    over = {"X-Forwarded-Proto": "https"}
    assert client.post("/auth/register", base_url=PUBLIC, json=PERSON, headers=over).status_code == 201
    assert_problem(client.post("/auth/login", base_url=PUBLIC, json=PERSON), 403, "https_required")


def test_otherwise_plain_http_is_let_in(make_app: MakeApp) -> None:
    assert make_app().test_client().post("/auth/register", base_url=PUBLIC, json=PERSON).status_code == 201


def told(app: Flask, path: str, *, scheme: str = "https", **config: Any) -> TestResponse:
    return app.test_client().get(path, base_url=f"{scheme}://api.example.com", **config)


@pytest.mark.parametrize("path", ["/auth/me", "/login", "/healthz", "/nothing"])
def test_every_answer_over_https_says_for_how_long(make_app: MakeApp, path: str) -> None:
    app = make_app(RENEWAL_HSTS=86_400)
    assert told(app, path).headers.getlist(STRICT) == ["max-age=86400"]
    assert STRICT not in told(app, path, scheme="http").headers


@pytest.mark.parametrize("path", ["/login", "/healthz"])
def test_zero_takes_it_back(make_app: MakeApp, path: str) -> None:
    assert told(make_app(RENEWAL_HSTS=0), path).headers.getlist(STRICT) == ["max-age=0"]


def test_what_the_host_says_itself_stays(make_app: MakeApp) -> None:
    app = make_app(RENEWAL_HSTS=60)

    @app.after_request
    def say(response: Response) -> Response:
        response.headers[STRICT] = "max-age=5; preload"
        return response

    assert told(app, "/healthz").headers.getlist(STRICT) == ["max-age=5; preload"]


def test_unless_it_is_set_our_pages_alone_say_so(make_app: MakeApp) -> None:
    app = make_app()
    assert STRICT not in told(app, "/healthz").headers
    assert told(app, "/login").headers.getlist(STRICT) == ["max-age=31536000"]
