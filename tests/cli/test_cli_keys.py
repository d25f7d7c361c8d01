"""`flask keys list`: which keys there are, and nothing of what is secret in them."""

import json

import pytest
from command_line import Run, command_line
from flask import Flask


@pytest.fixture
def run(renewal_app: Flask) -> Run:
    return command_line(renewal_app)


def test_the_keys_are_listed_without_their_secrets(run: Run, renewal_app: Flask) -> None:
    key = renewal_app.extensions["flask-renewal"].keys.signing_key
    assert f"{key.kid}  ES256" in run("keys", "list").output
    [listed] = json.loads(run("keys", "list", "--json").stdout)["keys"]
    assert listed["signs"] is True
    assert set(listed) == {"kid", "algorithm", "created_at", "signs"}
