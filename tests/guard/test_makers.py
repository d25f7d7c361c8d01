"""Flask-JWT-Extended's makers of tokens and cookies say what to call instead."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
)
from hosts import sign_in


@pytest.mark.parametrize(
    "config", [{}, {"JWT_SECRET_KEY": "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"}], ids=["a key file", "a secret"]
)
@pytest.mark.parametrize(
    "call",
    [
        lambda token: create_access_token("7"),
        lambda token: create_refresh_token("7"),
        lambda token: set_access_cookies(jsonify(), token),
        lambda token: set_refresh_cookies(jsonify(), "a refresh token"),
    ],
    ids=["create_access_token", "create_refresh_token", "set_access_cookies", "set_refresh_cookies"],
)
def test_their_makers_of_tokens_say_what_to_call_instead(
    adopt: Callable[..., Flask], call: Callable[[str], Any], config: dict[str, str]
) -> None:
    app = adopt(**config)
    token = sign_in(app).access_token
    with app.test_request_context(), pytest.raises(RuntimeError, match="call sign_in or start_session"):
        call(token)


def test_their_old_cookies_can_be_deleted(host: Flask) -> None:
    with host.test_request_context():
        unset_jwt_cookies(response := Response())
    assert len(response.headers.getlist("Set-Cookie")) == 4


def test_a_key_that_a_host_sets_for_them_afterwards_makes_no_tokens_either(host: Flask) -> None:
    host.extensions["flask-jwt-extended"].encode_key_loader(lambda identity: "a key of the host's")
    host.test_client().get("/")
    with host.test_request_context(), pytest.raises(RuntimeError, match="call sign_in or start_session"):
        create_access_token("7")
