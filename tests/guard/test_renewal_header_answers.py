"""Which answers carry a renewed token, beside the host's own hooks."""

from collections.abc import Callable

import pytest
from conftest import Clock, bearer
from flask import Blueprint, Flask, Response, abort, make_response, request
from flask_cors import CORS, cross_origin
from flask_jwt_extended import jwt_required
from hosts import GUARDS, RENEWED, answering, due, guards

from flask_renewal import access_required

SPA = "https://app.example.com"
EXPOSE = "Access-Control-Expose-Headers"


CACHING = {
    "publicly cacheable": {"Cache-Control": "public, max-age=600"},
    "cacheable by shared caches": {"Cache-Control": "s-maxage=600"},
    "shared once it must be revalidated": {"Cache-Control": "max-age=0, must-revalidate"},
}
KEPT = {
    "cacheable by the browser": {"Cache-Control": "max-age=600", "Expires": "Thu, 01 Jan 2099 00:00:00 GMT"},
    "private": {"Cache-Control": "private, max-age=600"},
    "private in spite of what else it says": {"Cache-Control": "private, must-revalidate"},
    "not stored": {"Cache-Control": "no-store"},
    "not stored in spite of what else it says": {"Cache-Control": "no-store, public"},
}


@pytest.mark.parametrize("headers", CACHING.values(), ids=CACHING)
def test_an_answer_for_shared_caches_stays_as_it_is(host: Flask, clock: Clock, headers: dict[str, str]) -> None:
    get = answering(host, lambda: ("public", 200, headers))
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert RENEWED not in response.headers
    assert EXPOSE not in response.headers
    assert response.headers["Cache-Control"] == headers["Cache-Control"]


@pytest.mark.parametrize("headers", KEPT.values(), ids=KEPT)
def test_an_answer_for_one_client_is_not_stored_with_the_token(
    host: Flask, clock: Clock, headers: dict[str, str]
) -> None:
    get = answering(host, lambda: ("mine", 200, headers))
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert RENEWED in response.headers
    assert response.headers.getlist("Cache-Control") == ["no-store"]
    assert "Expires" not in response.headers


CARRYING = [200, 201, 204, 400, 401, 403, 404, 409, 422, 429]
BARE = [300, 301, 302, 303, 304, 307, 308, 500, 502, 503]


@pytest.mark.parametrize(("status", "renewed"), [(code, code in CARRYING) for code in CARRYING + BARE])
@guards
def test_refusals_carry_a_token_and_redirects_and_failures_do_not(
    host: Flask, clock: Clock, guard: str, status: int, renewed: bool
) -> None:
    get = answering(host, lambda: Response(status=status, headers={"Location": "/"}), GUARDS[guard])
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert response.status_code == status
    assert (RENEWED in response.headers, EXPOSE in response.headers) == (renewed, renewed)
    assert response.headers["Cache-Control"] == "no-store"


@guards
def test_a_view_that_aborts_with_a_refusal_carries_a_token(host: Flask, clock: Clock, guard: str) -> None:
    get = answering(host, lambda: abort(404), GUARDS[guard])
    assert RENEWED in get("/answer", headers=bearer(due(host, clock).access_token)).headers


@guards
def test_a_view_that_fails_carries_none(host: Flask, clock: Clock, guard: str) -> None:
    get = answering(host, lambda: 1 / 0, GUARDS[guard])
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert (response.status_code, RENEWED in response.headers) == (500, False)


def test_an_answer_that_has_not_changed_carries_none(host: Flask, clock: Clock) -> None:
    def answer() -> Response:
        response = make_response("same")
        response.set_etag("same")
        return response.make_conditional(request)

    get = answering(host, answer)
    headers = {**bearer(due(host, clock).access_token), "If-None-Match": '"same"'}
    response = get("/answer", headers=headers)
    assert (response.status_code, RENEWED in response.headers) == (304, False)


def test_a_streamed_answer_carries_a_token_and_stays_whole(host: Flask, clock: Clock) -> None:
    get = answering(host, lambda: Response(str(number) for number in range(5)))
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert (RENEWED in response.headers, response.data) == (True, b"01234")


def with_cors(app: Flask) -> None:
    CORS(app, origins=[SPA], supports_credentials=True, expose_headers=["X-Total", "ETag"])


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_what_the_host_exposes_stays_exposed(adopt: Callable[..., Flask], clock: Clock, before: bool) -> None:
    app = adopt(prepare=with_cors if before else None, RENEWAL_TRUSTED_ORIGINS=[SPA])
    if not before:
        with_cors(app)
    headers = {**bearer(due(app, clock).access_token), "Origin": SPA}
    response = app.test_client().get("/access_required", headers=headers)
    [exposed] = response.headers.getlist(EXPOSE)
    assert set(exposed.split(", ")) == {"X-Total", "ETag", RENEWED}
    assert response.headers.getlist("Access-Control-Allow-Origin") == [SPA]


def test_a_route_with_cors_of_its_own_is_exposed_too(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(RENEWAL_TRUSTED_ORIGINS=[SPA])
    view = cross_origin(origins=[SPA], expose_headers=["X-Total"])(access_required()(lambda: "mine"))
    app.add_url_rule("/mine", endpoint="mine", view_func=view)
    response = app.test_client().get("/mine", headers={**bearer(due(app, clock).access_token), "Origin": SPA})
    assert response.headers.getlist(EXPOSE) == [f"X-Total, {RENEWED}"]


@pytest.mark.parametrize("name", [RENEWED, RENEWED.lower()])
def test_a_header_that_the_host_exposes_already_is_not_named_twice(host: Flask, clock: Clock, name: str) -> None:
    get = answering(host, lambda: ("x", 200, {EXPOSE: f"A, {name}"}))
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert response.headers.getlist(EXPOSE) == [f"A, {name}"]


def test_a_hook_of_the_host_that_makes_answers_public_is_heeded(host: Flask, clock: Clock) -> None:
    @host.after_request
    def publish(response: Response) -> Response:
        response.cache_control.public = True
        return response

    response = host.test_client().get("/access_required", headers=bearer(due(host, clock).access_token))
    assert RENEWED not in response.headers


def test_a_route_of_a_blueprint_renews_once(host: Flask, clock: Clock) -> None:
    part = Blueprint("part", __name__)
    part.add_url_rule("/part", view_func=access_required()(jwt_required()(lambda: "part")), endpoint="part")
    part.after_request(lambda response: response)
    host.register_blueprint(part)
    response = host.test_client().get("/part", headers=bearer(due(host, clock).access_token))
    assert len(response.headers.getlist(RENEWED)) == 1
