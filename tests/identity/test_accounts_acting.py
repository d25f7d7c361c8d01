"""Who acts for somebody else proves nothing in their name, with the right password neither: it stays as it is."""

import pytest
from conftest import PASSWORD, bearer
from flask import Flask
from flask.testing import FlaskClient
from hosts import services_of
from pages_kit import NAVIGATION, sign_in

NEW = "another staple horse battery"


def acting(app: Flask, client: FlaskClient, token: str) -> dict[str, str]:
    """Let an administrator act in the session of this client's cookie; return the headers of its access token."""
    services = services_of(app)
    with app.app_context():
        session_id = services.access_tokens.read(token).session_id
        services.sessions.set_claims(session_id, {"act": {"sub": "admin"}})
    return bearer(client.post("/auth/refresh").get_json()["access_token"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("put", "/auth/password", {"current_password": PASSWORD, "new_password": NEW}),
        ("post", "/auth/confirm", {"password": PASSWORD}),
    ],
    ids=["the password", "a proof"],
)
def test_by_the_api(
    app: Flask, client: FlaskClient, login: dict[str, str], method: str, path: str, body: dict[str, str]
) -> None:
    headers = acting(app, client, login["access_token"])
    refused = getattr(client, method)(path, json=body, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "invalid_credentials")
    assert "acts for the user" in refused.get_json()["detail"]
    again = app.test_client().post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert again.status_code == 200


def test_by_the_pages(app: Flask, client: FlaskClient, login: dict[str, str]) -> None:
    acting(app, client, login["access_token"])
    client.get("/account", headers=NAVIGATION)
    form = {"current_password": PASSWORD, "new_password": NEW}
    refused = client.post("/account/password", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert "This is not your password." in refused.text
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 303
