"""What the tests of pages share: forms as a browser sends them, and what a page shows."""

from answers import cookies
from conftest import PASSWORD
from cookie_names import TOKENS
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NAVIGATION = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
EVIL_FORM = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com"}


def register(client: FlaskClient, name: str = "alice", **fields: str) -> TestResponse:
    return client.post("/register", data={"username": name, "password": PASSWORD, "remember": "yes", **fields})


def sign_in(
    client: FlaskClient, name: str = "alice", password: str = PASSWORD, *, agent: str | None = None, **fields: str
) -> TestResponse:
    headers = {"User-Agent": agent} if agent else {}
    return client.post("/login", data={"username": name, "password": password, **fields}, headers=headers)


def held(client: FlaskClient, name: str) -> str | None:
    """Return the value of a cookie in the client's jar."""
    cookie = client.get_cookie(name)
    return cookie.value if cookie else None


def lay(client: FlaskClient, **tokens: str | None) -> None:
    """Put cookies into the jar, or take them out."""
    for name, value in tokens.items():
        if value is None:
            client.delete_cookie(name)
        else:
            client.set_cookie(name, value)


def twin(client: FlaskClient) -> FlaskClient:
    """Return a client with a copy of the jar, as a parallel request of one browser sends it."""
    other = client.application.test_client()
    lay(other, **{name: held(client, name) for name in TOKENS})
    return other


def is_signed_in(response: TestResponse) -> bool:
    """Say whether an answer is the account page of somebody."""
    return response.status_code == 200 and '<span class="renewal-name"' in response.text


def leads_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 303 and response.location.partition("?")[0] == "/login"


def set_names(response: TestResponse) -> set[str]:
    """Return the names of the cookies that an answer sets, not those that it deletes."""
    return {name for name, cookie in cookies(response).items() if cookie.value}
