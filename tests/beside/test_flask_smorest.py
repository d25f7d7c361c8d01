"""Beside Flask-Smorest: a refusal is 401 in its resources, and its error handlers get none of ours."""

from collections.abc import Callable

import pytest
from answers import CHALLENGE, assert_problem, assert_refused
from beside import beside, extension, orders
from conftest import Clock, bearer
from flask import Flask
from flask.views import MethodView
from hosts import GUARDS, RENEWED, due

flask_smorest = extension("flask_smorest")

CONFIG = {"API_TITLE": "Pets", "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}


def set_up(app: Flask) -> None:
    pets = flask_smorest.Blueprint("pets", __name__)
    for name, guard in GUARDS.items():

        class Pets(MethodView):
            @pets.response(200)
            @guard()
            def get(self) -> dict[str, str]:
                return {"pet": "cat"}

        pets.add_url_rule(f"/pets/{name}", name, Pets)
    flask_smorest.Api(app).register_blueprint(pets)


@orders
@pytest.mark.parametrize("guard", GUARDS)
def test_a_refusal_stays_401(adopt: Callable[..., Flask], clock: Clock, guard: str, ours_first: bool) -> None:
    app = beside(adopt, set_up, ours_first=ours_first, **CONFIG)
    client, headers = app.test_client(), bearer(due(app, clock).access_token)
    assert_refused(client.get(f"/pets/{guard}"), "token_missing", "Bearer")
    answer = client.get(f"/pets/{guard}", headers=headers)
    assert (answer.get_json(), RENEWED in answer.headers) == ({"pet": "cat"}, True)
    clock.tick(hours=1)
    assert_refused(client.get(f"/pets/{guard}", headers=headers), "token_expired", CHALLENGE)


@orders
def test_our_own_answers_stay_ours(adopt: Callable[..., Flask], ours_first: bool) -> None:
    client = beside(adopt, set_up, ours_first=ours_first, **CONFIG).test_client()
    assert_problem(client.get("/auth/nothing"), 404, "not_found")
    assert_problem(client.post("/auth/login", json={}), 422, "invalid_request")
