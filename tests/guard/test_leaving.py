"""The way out comes after whatever the host does to its answers, and passes what nobody has found anything out of."""

from collections.abc import Callable

from conftest import Clock, bearer
from flask import Flask, Response
from hosts import GUARDS, RENEWED, answering, guards, services_of, sign_in


def test_it_comes_last_whatever_is_registered_before_and_later(adopt: Callable[..., Flask], clock: Clock) -> None:
    passed = []

    def cache(response: Response) -> Response:
        response.headers["Cache-Control"] = "private, max-age=60"
        passed.append(RENEWED in response.headers)
        return response

    host = adopt(prepare=lambda host: host.after_request(cache))
    host.after_request(cache)
    token = sign_in(host).access_token
    clock.tick(minutes=14)
    answer = host.test_client().get("/auth/me", headers=bearer(token))
    assert RENEWED in answer.headers
    assert passed == [False, False]
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_function_of_ours_looks_at_every_answer(adopt: Callable[..., Flask]) -> None:
    ours = [function.__module__ for function in adopt().after_request_funcs[None]]
    assert [module for module in ours if module.startswith("flask_renewal")] == ["flask_renewal.guard.leaving"]


@guards
def test_what_is_for_somebody_signed_in_is_kept_by_no_cache_unless_the_view_says_so(host: Flask, guard: str) -> None:
    token = sign_in(host).access_token
    silent = answering(host, lambda: "mine", GUARDS[guard])("/answer", headers=bearer(token))
    assert silent.headers.getlist("Cache-Control") == ["no-store"]
    assert silent.headers.get("Vary") is None


@guards
def test_a_view_that_says_how_long_it_may_be_kept_is_believed(host: Flask, guard: str) -> None:
    get = answering(host, lambda: ("mine", 200, {"Cache-Control": "private, max-age=60"}), GUARDS[guard])
    answer = get("/answer", headers=bearer(sign_in(host).access_token))
    assert answer.headers.getlist("Cache-Control") == ["private, max-age=60"]


def test_what_nobody_guards_may_be_kept_whatever_the_request_brings(host: Flask) -> None:
    host.add_url_rule("/public", view_func=lambda: "everybody's")
    answer = host.test_client().get("/public", headers=bearer(sign_in(host).access_token))
    assert "Cache-Control" not in answer.headers


def test_what_nobody_guards_may_be_kept_even_if_it_ends_sessions(host: Flask) -> None:
    user_id = sign_in(host).session.user_id
    sessions = services_of(host).sessions
    host.add_url_rule("/left", view_func=lambda: str(sessions.end_all(user_id, reason="ended_by_host")))
    answer = host.test_client().get("/left")
    assert (answer.text, "Cache-Control" in answer.headers) == ("1", False)
