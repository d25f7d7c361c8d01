"""What a request starts, renews and ends is written on its answer, whatever the view answers."""

from conftest import Clock
from flask import Flask, Response
from hosts import answering
from hosts import sign_in as start_session
from pages_kit import is_signed_in, register, set_names, twin

from flask_renewal.guard.visits import Cookies, current_visit


def test_an_answer_made_while_its_session_is_ended_sets_no_cookies(app: Flask, clock: Clock) -> None:
    browser, others = app.test_client(), []

    @app.after_request
    def end_meanwhile(response: Response) -> Response:
        if others:
            others.pop().post("/logout")
        return response

    register(browser)
    clock.tick(minutes=16)
    others.append(twin(browser))
    page = browser.get("/account")
    assert is_signed_in(page)
    assert "Set-Cookie" not in page.headers


def test_a_grant_for_the_refresh_cookie_alone_sets_only_that(host: Flask) -> None:
    start = answering(host, lambda: keep(host, cookies="refresh"), guard=lambda: lambda view: view)
    answer = start("/answer")
    assert set_names(answer) == {"refresh_token"}
    assert answer.headers["Cache-Control"] == "no-store"


def keep(host: Flask, *, cookies: Cookies) -> Response:
    current_visit().keep(start_session(host), cookies=cookies)
    return Response("done", headers={"Cache-Control": "public, max-age=60"})
