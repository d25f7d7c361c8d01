"""Guards in resources of Flask-RESTX and Flask-RESTful, which answer errors in Flask's place."""

from collections.abc import Callable
from typing import Any

import flask_restful
import flask_restx
import pytest
from answers import CHALLENGE
from conftest import Clock, bearer
from flask import Blueprint, Flask
from flask_jwt_extended import current_user, jwt_required
from flask_jwt_extended.exceptions import NoAuthorizationError
from forging import Forger
from hosts import guards, services_of, sign_in

from flask_renewal import access_required
from flask_renewal.entrances.check import review

rest = pytest.mark.parametrize("rest", [flask_restx, flask_restful], ids=lambda module: module.__name__)


def add_resource(app: Flask, rest: Any, guard: Callable[..., Any], *, below: str = "") -> None:
    class Guarded(rest.Resource):  # type: ignore[name-defined, misc]
        @guard()
        def get(self) -> dict[str, str]:
            return {"hello": current_user.username}

    place = Blueprint("part", __name__, url_prefix=below) if below else app
    rest.Api(place).add_resource(Guarded, "/resource")
    if isinstance(place, Blueprint):
        app.register_blueprint(place)


@rest
@pytest.mark.parametrize("below", ["", "/v1"], ids=["on the application", "in a blueprint"])
def test_a_refusal_is_answered_as_anywhere_else(host: Flask, clock: Clock, rest: Any, below: str) -> None:
    add_resource(host, rest, access_required, below=below)
    client, headers = host.test_client(), bearer(sign_in(host).access_token)
    assert client.get(f"{below}/resource", headers=headers).get_json() == {"hello": "alice"}
    missing = client.get(f"{below}/resource")
    assert (missing.status_code, missing.get_json()["code"]) == (401, "token_missing")
    assert missing.headers.getlist("WWW-Authenticate") == ["Bearer"]
    clock.tick(hours=1)
    expired = client.get(f"{below}/resource", headers=headers)
    assert (expired.status_code, expired.get_json()["code"]) == (401, "token_expired")
    assert expired.headers.getlist("WWW-Authenticate") == [CHALLENGE]


@rest
def test_it_does_not_matter_which_is_set_up_first(adopt: Callable[..., Flask], rest: Any) -> None:
    app = adopt(prepare=lambda app: add_resource(app, rest, access_required))
    headers = bearer(sign_in(app).access_token)
    assert app.test_client().get("/resource", headers=headers).get_json() == {"hello": "alice"}
    missing = app.test_client().get("/resource")
    assert (missing.status_code, missing.get_json()["code"]) == (401, "token_missing")


@rest
def test_a_user_who_is_gone_is_refused_when_asked_for(host: Flask, rest: Any) -> None:
    add_resource(host, rest, access_required)
    grant = sign_in(host)
    forger = Forger(grant.access_token, services_of(host).keys.signing_key, "", None)
    response = host.test_client().get("/resource", headers=bearer(forger.signed({"sub": "nobody"})))
    assert (response.status_code, response.get_json()["code"]) == (401, "token_invalid")


@rest
def test_the_check_says_what_jwt_required_needs_there(host: Flask, rest: Any) -> None:
    add_resource(host, rest, jwt_required)
    assert "errors_answered_elsewhere" in {finding.code for finding in review(host)}
    host.config["PROPAGATE_EXCEPTIONS"] = True
    assert "errors_answered_elsewhere" not in {finding.code for finding in review(host)}
    assert host.test_client().get("/resource").get_json()["code"] == "token_missing"


@guards
def test_a_hosts_own_handlers_of_errors_get_no_refusal(host: Flask, guard: str) -> None:
    host.register_error_handler(401, lambda error: ("mine", 401))
    host.register_error_handler(Exception, lambda error: ("mine", 500))
    assert host.test_client().get(f"/{guard}").get_json()["code"] == "token_missing"


@guards
def test_a_host_that_answers_flask_jwt_extendeds_errors_itself_does_so_under_both(host: Flask, guard: str) -> None:
    host.register_error_handler(NoAuthorizationError, lambda error: ("mine", 401))
    assert host.test_client().get(f"/{guard}").text == "mine"
