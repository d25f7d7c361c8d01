"""Which answers a page on another origin may read: asking, and looking."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SPA = "https://app.example.com"


def shared(response: TestResponse) -> list[str]:
    return sorted(name for name, _ in response.headers if name.startswith("Access-Control-"))


def assert_shared(response: TestResponse, origin: str) -> None:
    assert response.headers.getlist("Access-Control-Allow-Origin") == [origin]
    assert response.headers.getlist("Access-Control-Allow-Credentials") == ["true"]
    assert "Origin" in response.vary


def preflight(client: FlaskClient, path: str, origin: str = SPA, **more: str) -> TestResponse:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    return client.options(path, headers={"Origin": origin, **wanted, **more})
