"""An application whose figures are read."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from scraping import moving
from servers import PASSWORD


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(
        RENEWAL_METRICS="/metrics",
        RENEWAL_TRUSTED_ORIGINS=["https://app.example.com"],
        RENEWAL_BODY_TRANSPORT=True,
        RENEWAL_RATELIMIT_LOGIN="3 per minute",
    )


@pytest.fixture
def moves(client: FlaskClient) -> Callable[..., Any]:
    return partial(moving, client)


@pytest.fixture
def token(client: FlaskClient) -> str:
    who = {"username": "alice", "password": PASSWORD}
    return client.post("/auth/register", json=who, headers={"X-Refresh-Transport": "body"}).get_json()["refresh_token"]
