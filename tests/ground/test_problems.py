"""Refusals as problems: those of unknown paths in a host, and what a refused refresh says besides its code."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import COOKIE, assert_problem
from conftest import PASSWORD, Clock, bearer
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from hosts import sign_in
from werkzeug.exceptions import Forbidden, HTTPException, ImATeapot

Adopt = Callable[..., Flask]

OWN = "the host's own words"


def handle_all(app: Flask) -> None:
    app.register_error_handler(Exception, lambda error: (OWN, getattr(error, "code", 500)))


def handle_none(app: Flask) -> None:
    """Leave errors to Flask."""


@pytest.mark.parametrize("prepare", [handle_none, handle_all], ids=["errors left to Flask", "errors of its own"])
@pytest.mark.parametrize("path", ["/auth/nothing", "/auth/sessions/x/y", "/auth/"])
def test_an_unknown_path_of_the_api_is_a_problem_in_a_host_too(adopt: Adopt, prepare: Any, path: str) -> None:
    client = adopt(prepare=prepare).test_client()
    for method in ("GET", "POST", "OPTIONS"):
        assert_problem(client.open(path, method=method), 404, "not_found")


@pytest.mark.parametrize("prepare", [handle_none, handle_all], ids=["errors left to Flask", "errors of its own"])
def test_a_wrong_method_is_a_problem_that_names_the_right_ones(adopt: Adopt, prepare: Any) -> None:
    client = adopt(prepare=prepare).test_client()
    assert_problem(client.get("/auth/login"), 405, "method_not_allowed")
    assert set(client.delete("/auth/refresh").allow) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("path", ["/nothing", "/auth", "/authors/1", "/x/auth/login"])
def test_unknown_paths_elsewhere_are_the_hosts(adopt: Adopt, path: str) -> None:
    response = adopt(prepare=handle_all).test_client().get(path)
    assert (response.status_code, response.text) == (404, OWN)


def test_a_route_of_the_host_beside_ours_is_the_hosts(adopt: Adopt) -> None:
    app = adopt()
    app.add_url_rule("/auth/github/<word>", view_func=lambda word: word, endpoint="github")
    app.add_url_rule("/auth/slash/", view_func=lambda: "slash", endpoint="slash")
    client = app.test_client()
    assert client.get("/auth/github/callback").text == "callback"
    assert client.get("/auth/slash", follow_redirects=True).text == "slash"


def by_logout(app: Flask, session_id: str, token: str) -> None:
    app.test_client().post("/auth/logout", headers=bearer(token))


def by_another_device(app: Flask, session_id: str, token: str) -> None:
    app.test_client().delete(f"/auth/sessions/{session_id}", headers=bearer(sign_in(app).access_token))


def by_the_operator(app: Flask, session_id: str, token: str) -> None:
    app.test_cli_runner().invoke(args=["sessions", "end", session_id])


def by_many_others(app: Flask, session_id: str, token: str) -> None:
    sign_in(app)
    sign_in(app)


ENDINGS = {
    "logout": by_logout,
    "ended_by_user": by_another_device,
    "ended_by_host": by_the_operator,
    "displaced": by_many_others,
}


@pytest.mark.parametrize("reason", ENDINGS)
def test_a_refused_refresh_says_why_the_session_was_ended(
    make_app: Callable[..., Flask], clock: Clock, reason: str
) -> None:
    app = make_app(RENEWAL_MAX_SESSIONS_PER_USER=2)
    grant, client = sign_in(app), app.test_client()
    clock.tick(seconds=1)
    ENDINGS[reason](app, grant.session.id, grant.access_token)
    assert refused(client, str(grant.refresh_token), "session_ended")["reason"] == reason


def refused(client: FlaskClient, token: str, code: str) -> dict[str, Any]:
    client.set_cookie(COOKIE, token)
    return assert_problem(client.post("/auth/refresh"), 401, code)


def test_another_sign_in_in_the_same_browser_replaces_the_session(client: FlaskClient, login: dict[str, Any]) -> None:
    old = client.get_cookie(COOKIE)
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert refused(client, old.value if old else "", "session_ended")["reason"] == "replaced"


def test_a_changed_password_is_the_reason_elsewhere(client: FlaskClient, login: dict[str, Any]) -> None:
    token = client.get_cookie(COOKIE)
    other = sign_in(client.application)
    change = {"current_password": PASSWORD, "new_password": "another staple horse battery"}
    client.put("/auth/password", json=change, headers=bearer(login["access_token"]))
    assert token is not None
    assert refused(client, str(other.refresh_token), "session_ended")["reason"] == "password_changed"


def test_reuse_is_told_at_once_and_afterwards(app: Flask, client: FlaskClient, clock: Clock) -> None:
    grant = sign_in(app)
    client.set_cookie(COOKIE, str(grant.refresh_token))
    for _ in range(2):
        client.post("/auth/refresh")
        clock.tick(seconds=61)
    assert refused(client, str(grant.refresh_token), "refresh_token_reused")["reason"] == "reuse"
    assert refused(client, str(grant.refresh_token), "session_ended")["reason"] == "reuse"


@pytest.mark.parametrize(("token", "code"), [("", "refresh_token_missing"), ("x", "refresh_token_invalid")])
def test_other_refusals_have_no_reason(client: FlaskClient, token: str, code: str) -> None:
    headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
    bare = client.application.test_client(use_cookies=False)
    assert "reason" not in assert_problem(bare.post("/auth/refresh", headers=headers), 401, code)


class Looping(HTTPException):
    code = 508


@pytest.mark.parametrize(
    ("error", "status", "code", "detail"),
    [
        (ImATeapot(), 418, "im_a_teapot", ImATeapot.description),
        (Looping(), 508, "loop_detected", "Loop Detected."),
        (Forbidden("Not from here."), 403, "forbidden", "Not from here."),
    ],
    ids=["a status", "an error without words", "an error with words"],
)
def test_a_host_may_end_a_request_of_the_api_with_an_error(
    adopt: Adopt, error: HTTPException, status: int, code: str, detail: str
) -> None:
    app = adopt()

    @app.before_request
    def end() -> None:
        raise error

    assert assert_problem(app.test_client().post("/auth/login"), status, code)["detail"] == detail


def test_a_host_that_is_not_trusted_is_refused_without_its_name(adopt: Adopt) -> None:
    client = adopt(TRUSTED_HOSTS=["api.example.com"]).test_client()
    problem = assert_problem(client.post("/auth/login", base_url="http://evil.example"), 400, "invalid_request")
    assert problem["detail"] == "The request is for a host that is not trusted."


@pytest.mark.parametrize("trapped", [False, True], ids=["left to Flask", "trapped"])
def test_a_host_may_lead_a_request_of_the_api_elsewhere(adopt: Adopt, trapped: bool) -> None:
    app = adopt(TRAP_HTTP_EXCEPTIONS=trapped)
    app.before_request(lambda: abort(redirect("/maintenance")))
    response = app.test_client().post("/auth/login")
    assert (response.status_code, response.location, response.mimetype) == (302, "/maintenance", "text/html")
