"""The way out comes after whatever the host does to its answers, and passes what nobody has found anything out of."""

from collections.abc import Callable

from conftest import Clock, bearer
from flask import Flask, Response
from hosts import RENEWED, sign_in


def test_it_comes_last_whatever_is_registered_later(adopt: Callable[..., Flask], clock: Clock) -> None:
    host = adopt()
    token = sign_in(host).access_token
    clock.tick(minutes=14)

    @host.after_request
    def cache(response: Response) -> Response:
        response.headers["Cache-Control"] = "private, max-age=60"
        assert RENEWED not in response.headers
        return response

    answer = host.test_client().get("/auth/me", headers=bearer(token))
    assert RENEWED in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_function_of_ours_looks_at_every_answer(adopt: Callable[..., Flask]) -> None:
    ours = [function.__module__ for function in adopt().after_request_funcs[None]]
    assert [module for module in ours if module.startswith("flask_renewal")] == ["flask_renewal.guard.leaving"]
