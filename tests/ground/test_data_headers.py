"""No answer of ours is guessed at, framed, or makes a browser ask for a password, whatever is asked for and how."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from flask_renewal import create_app

KINDS = {"a person": {"Accept": "text/html"}, "a program": {}, "a bad token": {"Authorization": "Bearer bad"}}
METHODS = ("GET", "POST", "PUT", "DELETE")
FILLED = {"any('pages.css', 'pages.js', 'icon.svg'):name": "pages.js", "name": "renewal", "session_id": "x"}

Answers = dict[str, TestResponse]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("headers") / "instance"
    return create_app({"RATELIMIT_ENABLED": False, "RENEWAL_API_DOCS": True}, instance_path=folder)


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def answers(app: Flask, request: pytest.FixtureRequest) -> Answers:
    """Every route, by every method that it may have and some that it has not."""
    client = app.test_client(use_cookies=False)
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    paths = [re.sub("<([^>]+)>", lambda part: FILLED[part[1]], rule) for rule in [*rules, "/nothing"]]
    return {
        f"{method} {path}": client.open(path, method=method, headers=request.param, buffered=True)
        for path in paths
        for method in METHODS
    }


def test_nobody_guesses_what_an_answer_is(answers: Answers) -> None:
    for what, answer in answers.items():
        if answer.data:
            assert answer.headers["X-Content-Type-Options"] == "nosniff", what
            assert answer.mimetype_params.get("charset") == ("utf-8" if answer.mimetype.startswith("text/") else None)


def test_what_is_no_script_is_framed_by_nobody_and_runs_none_of_others(answers: Answers) -> None:
    for what, answer in answers.items():
        if answer.mimetype != "text/javascript":
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, what
            assert "frame-ancestors 'none'" in policy, what
            assert answer.headers["X-Frame-Options"] == "DENY", what
            assert answer.headers.getlist("Cross-Origin-Resource-Policy") == ["same-origin"], what


def test_no_refusal_makes_a_browser_ask_for_a_password(answers: Answers) -> None:
    schemes = {answer.headers.get("WWW-Authenticate", "Bearer").split()[0] for answer in answers.values()}
    assert schemes == {"Bearer"}
