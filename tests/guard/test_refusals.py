"""Whoever a guard does not let in is told of by the code that they are answered with."""

from typing import Any

import pytest
from conftest import bearer
from flask import Flask
from flask_jwt_extended import jwt_required
from servers import PASSWORD

from flask_renewal import access_required
from flask_renewal.ground.events import access_token_refused


@pytest.mark.parametrize("guard", [access_required, jwt_required])
def test_every_refusal_is_told_once_by_its_code(app: Flask, guard: Any) -> None:
    for path, fresh in (("/guarded", False), ("/fresh", True)):
        app.add_url_rule(path, path[1:], guard(fresh=fresh)(lambda: "in"))
    client, heard = app.test_client(), []
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    stale = bearer(client.post("/auth/refresh").get_json()["access_token"])
    with access_token_refused.connected_to(lambda sender, code: heard.append(code), app):
        client.get("/guarded", headers=stale)
        answers = [client.get("/guarded"), client.get("/fresh", headers=stale)]
        client.post("/auth/logout")
        answers += [client.get("/guarded", headers=stale), client.get("/guarded", headers=bearer("a.b.c"))]
    assert [answer.get_json()["code"] for answer in answers] == heard
    assert heard == ["token_missing", "fresh_token_required", "session_ended", "token_invalid"]
