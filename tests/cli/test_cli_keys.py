"""`flask keys list`: which keys there are, and nothing of what is secret in them."""

import json
from collections.abc import Callable

import pytest
from command_line import Run, command_line
from flask import Flask

from flask_renewal.testing import RenewalClient


@pytest.fixture
def run(renewal_app: Flask) -> Run:
    return command_line(renewal_app)


def test_the_keys_are_listed_without_their_secrets(run: Run, renewal_app: Flask) -> None:
    key = renewal_app.extensions["flask-renewal"].keys.signing_key
    [listed] = json.loads(run("keys", "list", "--json").stdout)["keys"]
    assert run("keys", "list").output == f"{key.kid}  ES256  made {listed['created_at']}  signs\n"
    assert listed["signs"] is True
    assert set(listed) == {"kid", "algorithm", "created_at", "signs"}


def kids(run: Run) -> list[str]:
    return [key["kid"] for key in json.loads(run("keys", "list", "--json").stdout)["keys"]]


def test_a_key_is_generated_rotated_and_retired_and_nobody_is_signed_out(run: Run, renewal_app: Flask) -> None:
    alice = RenewalClient(renewal_app).login("alice")
    [old] = kids(run)
    new = json.loads(run("keys", "generate", "--algorithm", "EdDSA", "--json").stdout)["kid"]
    assert run("keys", "rotate").exit_code == 1  # others may not know it yet
    lines = run("keys", "list").output.splitlines()
    assert {line.split()[0]: line.split()[-1] for line in lines} == {old: "signs", new: "verifies"}
    assert json.loads(run("keys", "rotate", "--now", "--json").stdout) == {"kid": new}
    assert kids(run) == [new, old]
    refused = run("keys", "retire", old)
    assert (refused.exit_code, "may live" in refused.stderr) == (1, True)
    assert json.loads(run("keys", "retire", old, "--now", "--json").stdout) == {"kid": old}
    renewal_app.extensions["flask-renewal"].keys.follow()
    assert kids(run) == [new]
    assert alice.get("/auth/me").get_json()["code"] == "token_invalid"
    assert alice.fetch("/auth/me").status_code == 200


def test_rotating_says_in_how_many_seconds_all_follow(run: Run) -> None:
    run("keys", "generate")
    [new] = set(kids(run)) - {kids(run)[0]}
    assert run("keys", "rotate", "--now").output == f"Every process signs with {new} within 5 seconds.\n"


def test_the_key_that_signs_is_not_retired(run: Run) -> None:
    [kid] = kids(run)
    refused = run("keys", "retire", kid, "--now", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stderr)["code"] == "signing_key_refused"


def test_keys_of_the_settings_are_changed_there(make_app: Callable[..., Flask]) -> None:
    app = make_app(JWT_SECRET_KEY="a secret of thirty-two characters or more")
    assert command_line(app)("keys", "list").output.endswith("  HS256  of unknown age  signs\n")
    refused = command_line(app)("keys", "generate")
    assert (refused.exit_code, "change them there" in refused.stderr) == (1, True)
