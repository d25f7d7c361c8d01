"""Beside Flask-Limiter: its limits hold on our routes too, in our words, until the host exempts them."""

from collections.abc import Callable

from answers import assert_problem
from beside import beside, extension, orders
from flask import Flask

flask_limiter = extension("flask_limiter")

CONFIG = {"RATELIMIT_STORAGE_URI": "memory://"}


def set_up(app: Flask) -> None:
    by = extension("flask_limiter.util").get_remote_address
    app.extensions["the limiter"] = flask_limiter.Limiter(by, app=app, default_limits=["2 per minute"])


@orders
def test_its_default_limits_hold_on_our_routes_and_say_so_in_our_words(
    adopt: Callable[..., Flask], ours_first: bool
) -> None:
    client = beside(adopt, set_up, ours_first=ours_first, **CONFIG).test_client()
    answers = [client.post("/auth/refresh") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert_problem(answers[-1], 429, "too_many_requests")


@orders
def test_a_host_exempts_our_routes_and_ours_have_their_own_limits(
    adopt: Callable[..., Flask], ours_first: bool
) -> None:
    app = beside(adopt, set_up, ours_first=ours_first, RENEWAL_RATELIMIT_LOGIN="3 per minute", **CONFIG)
    for blueprint in (each for name, each in app.blueprints.items() if name.startswith("flask_renewal")):
        app.extensions["the limiter"].exempt(blueprint)
    client, nobody = app.test_client(), {"username": "nobody", "password": "nothing"}
    assert {client.post("/auth/refresh").status_code for _ in range(9)} == {401}
    assert [client.post("/auth/login", json=nobody).status_code for _ in range(4)] == [401, 401, 401, 429]
