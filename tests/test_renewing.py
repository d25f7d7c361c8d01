"""The renewed access token in the response header: when, when not, and with what."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import away
from conftest import Clock, bearer
from flask import Blueprint, Flask, Response, abort, jsonify, make_response, request
from flask.testing import FlaskClient
from flask_cors import CORS, cross_origin
from flask_jwt_extended import decode_token, get_jwt_identity, jwt_required
from forging import claims_of
from hosts import GUARDS, RENEWED, make_host, services_of, sign_in
from statements import statements
from werkzeug.test import TestResponse

from flask_renewal import Grant, access_required
from flask_renewal.grants import Origin

SPA = "https://app.example.com"
EXPOSE = "Access-Control-Expose-Headers"
LITTLE_LEFT = 11
"""Minutes of 15 after which less than a third is left."""

guards = pytest.mark.parametrize("guard", GUARDS)


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[..., Flask]:
    return lambda **options: make_host(tmp_path / "instance", clock, **options)


@pytest.fixture
def host(make: Callable[..., Flask]) -> Flask:
    return make()


def answering(app: Flask, answer: Callable[[], Any], guard: Any = access_required) -> Callable[..., TestResponse]:
    """Add a route that answers so; return what asks it."""
    app.add_url_rule("/answer", view_func=guard()(answer), endpoint="answer", methods=["GET", "POST"])
    return app.test_client().get


def due(app: Flask, clock: Clock, **options: Any) -> Grant:
    """Sign in, and let the token get old."""
    grant = sign_in(app, **options)
    clock.tick(minutes=LITTLE_LEFT)
    return grant


@guards
def test_a_token_with_little_life_left_is_renewed(host: Flask, clock: Clock, guard: str) -> None:
    grant = due(host, clock)
    response = host.test_client().get(f"/{guard}", headers=bearer(grant.access_token))
    assert response.get_json() == {"identity": "id-of-alice"}
    [renewed] = response.headers.getlist(RENEWED)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers[EXPOSE] == RENEWED
    clock.tick(minutes=14)
    assert host.test_client().get(f"/{guard}", headers=bearer(renewed)).status_code == 200


@guards
@pytest.mark.parametrize(("seconds", "renewed"), [(0, False), (599, False), (600, False), (601, True), (899, True)])
def test_the_threshold_is_a_third_of_the_life(
    host: Flask, clock: Clock, guard: str, seconds: int, renewed: bool
) -> None:
    token = sign_in(host).access_token
    clock.tick(seconds=seconds)
    response = host.test_client().get(f"/{guard}", headers=bearer(token))
    assert (RENEWED in response.headers, EXPOSE in response.headers) == (renewed, renewed)


@guards
@pytest.mark.parametrize(
    ("threshold", "seconds", "renewed"), [(0, 899, False), (1, 1, True), (0.5, 451, True), (0.5, 449, False)]
)
def test_the_threshold_is_a_setting(
    make: Callable[..., Flask], clock: Clock, guard: str, threshold: float, seconds: int, renewed: bool
) -> None:
    app = make(RENEWAL_HEADER_THRESHOLD=threshold)
    token = sign_in(app).access_token
    clock.tick(seconds=seconds)
    assert (RENEWED in app.test_client().get(f"/{guard}", headers=bearer(token)).headers) is renewed


def test_the_name_of_the_header_is_a_setting(make: Callable[..., Flask], clock: Clock) -> None:
    app = make(RENEWAL_HEADER_NAME="X-New")
    response = app.test_client().get("/access_required", headers=bearer(due(app, clock).access_token))
    assert "X-New" in response.headers
    assert response.headers[EXPOSE] == "X-New"


@guards
def test_only_the_times_and_the_id_of_a_renewed_token_are_new(host: Flask, clock: Clock, guard: str) -> None:
    host.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: {"role": "editor", "for": identity})
    grant = due(host, clock)
    response = host.test_client().get(f"/{guard}", headers=bearer(grant.access_token))
    old, new = claims_of(grant.access_token), claims_of(response.headers[RENEWED])
    assert {name for name in old if old[name] != new[name]} == {"exp", "iat", "jti", "fresh"}
    assert (set(old), new["fresh"], new["role"], new["for"]) == (set(new), False, "editor", "id-of-alice")


def test_a_hosts_claims_survive_a_refresh(host: Flask) -> None:
    host.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: {"role": "editor"})
    grant = services_of(host).sessions.refresh(sign_in(host).refresh_token or "", None)
    assert claims_of(grant.access_token)["role"] == "editor"


def test_a_hosts_claims_are_those_of_now(host: Flask, clock: Clock) -> None:
    roles = iter(["editor", "reader"])
    host.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: {"role": next(roles)})
    response = host.test_client().get("/access_required", headers=bearer(due(host, clock).access_token))
    assert claims_of(response.headers[RENEWED])["role"] == "reader"


def test_a_hosts_headers_survive(host: Flask, clock: Clock) -> None:
    host.extensions["flask-jwt-extended"].additional_headers_loader(lambda identity: {"zone": "eu"})
    response = host.test_client().get("/access_required", headers=bearer(due(host, clock).access_token))
    with host.app_context():
        assert services_of(host).access_tokens.read(response.headers[RENEWED]).header["zone"] == "eu"


# ---- for how long


def keep_calling(app: Flask, clock: Clock, token: str, hours: float) -> float:
    """Call with the newest token every 11 minutes; return after how many hours no token was renewed any more."""
    client, begun = app.test_client(), clock()
    while (clock() - begun).total_seconds() < hours * 3600:
        clock.tick(minutes=LITTLE_LEFT)
        response = client.get("/access_required", headers=bearer(token))
        if RENEWED not in response.headers:
            break
        token = response.headers[RENEWED]
    return (clock() - begun).total_seconds() / 3600


def test_the_header_renews_for_an_hour_after_the_last_proof(host: Flask, clock: Clock) -> None:
    assert 1 <= keep_calling(host, clock, sign_in(host).access_token, hours=5) < 1.2


def test_a_renewal_does_not_push_its_own_limit(host: Flask, clock: Clock) -> None:
    grant = due(host, clock)
    response = host.test_client().get("/access_required", headers=bearer(grant.access_token))
    until = claims_of(grant.access_token)["renewable_until"]
    assert until == claims_of(grant.access_token)["iat"] + 3600
    assert claims_of(response.headers[RENEWED])["renewable_until"] == until


def test_a_refresh_starts_the_limit_anew(host: Flask, clock: Clock) -> None:
    grant = sign_in(host)
    clock.tick(hours=3)
    refreshed = services_of(host).sessions.refresh(grant.refresh_token or "", None)
    assert 1 <= keep_calling(host, clock, refreshed.access_token, hours=5) < 1.2


def test_without_a_limit_the_header_renews_as_long_as_the_session_lives(
    make: Callable[..., Flask], clock: Clock
) -> None:
    app = make(RENEWAL_HEADER_LIMIT=None, RENEWAL_SESSION_LIFETIME=8 * 3600)
    token = sign_in(app).access_token
    assert "renewable_until" not in claims_of(token)
    assert 8 < keep_calling(app, clock, token, hours=24) < 8.2


def test_a_limit_of_nothing_turns_the_header_off(make: Callable[..., Flask], clock: Clock) -> None:
    app = make(RENEWAL_HEADER_LIMIT=0)
    assert keep_calling(app, clock, sign_in(app).access_token, hours=1) < 0.2


def test_a_token_without_a_limit_is_not_renewed_once_there_is_one(
    make: Callable[..., Flask], tmp_path: Path, clock: Clock
) -> None:
    old = make(RENEWAL_HEADER_LIMIT=None)
    grant = due(old, clock)
    new = make_host(tmp_path / "instance", clock)
    response = new.test_client().get("/access_required", headers=bearer(grant.access_token))
    assert (response.status_code, RENEWED in response.headers) == (200, False)


def test_a_renewed_token_ends_with_its_session(make: Callable[..., Flask], clock: Clock) -> None:
    app = make(RENEWAL_SESSION_LIFETIME=1000)
    grant = due(app, clock)
    response = app.test_client().get("/access_required", headers=bearer(grant.access_token))
    assert grant.session.expires_at is not None
    assert claims_of(response.headers[RENEWED])["exp"] == int(grant.session.expires_at.timestamp())


def test_a_token_that_would_live_no_longer_is_not_handed_out(make: Callable[..., Flask], clock: Clock) -> None:
    app = make(RENEWAL_SESSION_LIFETIME=900)
    response = app.test_client().get("/access_required", headers=bearer(due(app, clock).access_token))
    assert (response.status_code, RENEWED in response.headers) == (200, False)


def test_a_renewal_is_a_use_of_the_session(host: Flask, clock: Clock) -> None:
    grant = due(host, clock)
    host.test_client().get("/access_required", headers=bearer(grant.access_token))
    session = services_of(host).store.find(grant.session.id)
    assert session is not None
    assert session.last_used_at == clock()
    assert session.idle_expires_at - grant.session.idle_expires_at == clock() - grant.session.created_at


def test_a_session_of_the_browser_stays_short(host: Flask, clock: Clock) -> None:
    grant = due(host, clock, origin=Origin(remember=False))
    host.test_client().get("/access_required", headers=bearer(grant.access_token))
    session = services_of(host).store.find(grant.session.id)
    assert session is not None
    assert (session.idle_expires_at - clock()).total_seconds() == 12 * 3600


# ---- on which answers

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
BARE = [301, 302, 303, 304, 307, 308, 500, 502, 503]


@pytest.mark.parametrize(("status", "renewed"), [(code, code in CARRYING) for code in CARRYING + BARE])
@guards
def test_refusals_carry_a_token_and_redirects_and_failures_do_not(
    host: Flask, clock: Clock, guard: str, status: int, renewed: bool
) -> None:
    get = answering(host, lambda: Response(status=status, headers={"Location": "/"}), GUARDS[guard])
    response = get("/answer", headers=bearer(due(host, clock).access_token))
    assert response.status_code == status
    assert (RENEWED in response.headers, EXPOSE in response.headers) == (renewed, renewed)
    assert ("no-store" in response.headers.get("Cache-Control", "")) is renewed


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


# ---- to which requests


@guards
@pytest.mark.parametrize(
    "headers",
    [{}, bearer("bad"), {"Authorization": "Basic x"}],
    ids=["no token", "a bad token", "another scheme"],
)
def test_who_is_not_let_in_is_given_nothing(host: Flask, clock: Clock, guard: str, headers: dict[str, str]) -> None:
    due(host, clock)
    for path in ("", "/optional"):
        assert RENEWED not in host.test_client().get(f"/{guard}{path}", headers=headers).headers


@guards
def test_an_expired_token_is_not_renewed(host: Flask, clock: Clock, guard: str) -> None:
    token = sign_in(host).access_token
    clock.tick(minutes=15)
    assert RENEWED not in host.test_client().get(f"/{guard}", headers=bearer(token)).headers


@guards
def test_a_token_that_is_not_fresh_enough_is_not_renewed(host: Flask, clock: Clock, guard: str) -> None:
    stale = services_of(host).sessions.refresh(sign_in(host).refresh_token or "", None).access_token
    clock.tick(minutes=LITTLE_LEFT)
    response = host.test_client().get(f"/{guard}/fresh", headers=bearer(stale))
    assert (response.status_code, RENEWED in response.headers) == (401, False)


@guards
@pytest.mark.parametrize("path", ["", "/unrevoked"], ids=["where that is asked", "where that is not asked"])
def test_an_ended_session_is_not_renewed(host: Flask, clock: Clock, guard: str, path: str) -> None:
    grant = due(host, clock)
    services_of(host).sessions.end(grant.session.id, reason="test")
    assert RENEWED not in host.test_client().get(f"/{guard}{path}", headers=bearer(grant.access_token)).headers


@guards
def test_a_session_ended_elsewhere_is_not_renewed(host: Flask, tmp_path: Path, clock: Clock, guard: str) -> None:
    elsewhere = make_host(tmp_path / "instance", clock)
    grant = due(host, clock)
    services_of(host).revocations.is_ended("any")
    services_of(elsewhere).sessions.end(grant.session.id, reason="test")
    response = host.test_client().get(f"/{guard}", headers=bearer(grant.access_token))
    assert (response.status_code, RENEWED in response.headers) == (200, False)


def test_an_unguarded_route_renews_nothing(host: Flask, clock: Clock) -> None:
    host.add_url_rule("/open", view_func=lambda: "open")
    headers = bearer(due(host, clock).access_token)
    with statements(host) as sent:
        assert RENEWED not in host.test_client().get("/open", headers=headers).headers
    assert sent == []


def test_a_token_from_a_cookie_is_not_renewed(make: Callable[..., Flask], clock: Clock) -> None:
    app = make(JWT_TOKEN_LOCATION=["headers", "cookies"])
    client = app.test_client()
    client.set_cookie("access_token_cookie", due(app, clock).access_token)
    response = client.get("/jwt_required")
    assert (response.status_code, RENEWED in response.headers) == (200, False)


def test_a_page_fetched_ahead_renews_nothing(host: Flask, clock: Clock) -> None:
    headers = {**bearer(due(host, clock).access_token), "Sec-Purpose": "prefetch;prerender"}
    assert RENEWED not in host.test_client().get("/access_required", headers=headers).headers


@pytest.mark.parametrize(
    ("headers", "renewed"),
    [
        ({"Origin": SPA}, True),
        ({"Origin": SPA, "Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://evil.test"}, False),
        ({"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null"}, False),
    ],
    ids=str,
)
def test_an_untrusted_origin_is_given_nothing(
    make: Callable[..., Flask], clock: Clock, headers: dict[str, str], renewed: bool
) -> None:
    app = make(RENEWAL_TRUSTED_ORIGINS=[SPA])
    response = app.test_client().get("/access_required", headers={**bearer(due(app, clock).access_token), **headers})
    assert (response.status_code, RENEWED in response.headers) == (200, renewed)


@guards
@pytest.mark.parametrize("first", GUARDS)
def test_a_token_that_a_view_decodes_is_not_the_one_that_is_renewed(
    host: Flask, clock: Clock, guard: str, first: str
) -> None:
    alice, bob = sign_in(host), due(host, clock, username="bob")

    def inspect() -> Response:
        decode_token(bob.access_token)
        return jsonify(get_jwt_identity())

    get = answering(host, inspect, GUARDS[guard])
    response = get("/answer", headers=bearer(alice.access_token))
    assert claims_of(response.headers[RENEWED])["sub"] == "id-of-alice"


def test_a_token_that_a_view_decodes_before_the_guard_is_not_renewed(host: Flask, clock: Clock) -> None:
    alice, bob = sign_in(host), due(host, clock, username="bob")
    host.before_request(lambda: decode_token(bob.access_token) and None)
    for guard in GUARDS:
        response = host.test_client().get(f"/{guard}", headers=bearer(alice.access_token))
        assert claims_of(response.headers[RENEWED])["sub"] == "id-of-alice"
        assert RENEWED not in host.test_client().get(f"/{guard}/optional").headers


# ---- signing out: the hook of Flask-JWT-Extended's documentation hands a new token to somebody who signs out


def test_signing_out_hands_out_no_token(host: Flask, clock: Clock) -> None:
    grant = due(host, clock)
    client = host.test_client()
    assert RENEWED not in client.post("/auth/logout", headers=bearer(grant.access_token)).headers
    assert client.get("/access_required", headers=bearer(grant.access_token)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("delete", "/auth/sessions"),
        ("delete", "/auth/sessions/{}"),
        ("delete", "/auth/sessions/x"),
        ("put", "/auth/password"),
    ],
)
def test_what_ends_sessions_hands_out_no_token(host: Flask, clock: Clock, method: str, path: str) -> None:
    grant = due(host, clock)
    path = path.format(grant.session.id)
    response = getattr(host.test_client(), method)(path, headers=bearer(grant.access_token), json={})
    assert RENEWED not in response.headers


@guards
def test_a_hosts_own_route_that_signs_out_hands_out_no_token(host: Flask, clock: Clock, guard: str) -> None:
    grant = due(host, clock)

    def sign_out() -> str:
        services_of(host).sessions.end_all(get_jwt_identity(), reason="test")
        return "bye"

    get = answering(host, sign_out, GUARDS[guard])
    assert RENEWED not in get("/answer", headers=bearer(grant.access_token)).headers


@guards
def test_a_token_renewed_meanwhile_dies_with_its_session(host: Flask, clock: Clock, guard: str) -> None:
    grant = due(host, clock)
    client = host.test_client()
    renewed = client.get(f"/{guard}", headers=bearer(grant.access_token)).headers[RENEWED]
    client.post("/auth/logout", headers=bearer(grant.access_token))
    assert client.get(f"/{guard}", headers=bearer(renewed)).status_code == 401


# ---- beside the host's own hooks


def with_cors(app: Flask) -> None:
    CORS(app, origins=[SPA], supports_credentials=True, expose_headers=["X-Total", "ETag"])


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_what_the_host_exposes_stays_exposed(make: Callable[..., Flask], clock: Clock, before: bool) -> None:
    app = make(prepare=with_cors if before else None, RENEWAL_TRUSTED_ORIGINS=[SPA])
    if not before:
        with_cors(app)
    headers = {**bearer(due(app, clock).access_token), "Origin": SPA}
    response = app.test_client().get("/access_required", headers=headers)
    [exposed] = response.headers.getlist(EXPOSE)
    assert set(exposed.split(", ")) == {"X-Total", "ETag", RENEWED}
    assert response.headers.getlist("Access-Control-Allow-Origin") == [SPA]


def test_a_route_with_cors_of_its_own_is_exposed_too(make: Callable[..., Flask], clock: Clock) -> None:
    app = make(RENEWAL_TRUSTED_ORIGINS=[SPA])
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


def test_many_renewals_of_one_token_are_all_good(host: Flask, clock: Clock) -> None:
    grant, client = due(host, clock), host.test_client()
    renewed = [client.get("/access_required", headers=bearer(grant.access_token)).headers[RENEWED] for _ in range(5)]
    assert len(set(renewed)) == 5
    assert {client.get("/access_required", headers=bearer(token)).status_code for token in renewed} == {200}


@guards
@pytest.mark.parametrize("fault", [RuntimeError("secret-word"), None], ids=["our fault", "the store is away"])
def test_a_renewal_that_fails_leaves_the_answer_as_it_was(
    host: Flask, clock: Clock, guard: str, fault: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    grant = due(host, clock)
    monkeypatch.setattr(services_of(host).store, "touch", failing(fault))
    with caplog.at_level(logging.DEBUG):
        response = host.test_client().get(f"/{guard}", headers=bearer(grant.access_token))
    assert (response.status_code, response.get_json(), RENEWED in response.headers) == (
        200,
        {"identity": "id-of-alice"},
        False,
    )
    assert [record.levelname for record in caplog.records if record.name == "flask_renewal.renewing"]
    assert "secret_table" not in caplog.text


def failing(fault: Exception | None) -> Callable[..., Any]:
    def fail(*arguments: Any, **named: Any) -> None:
        if fault is not None:
            raise fault
        away()

    return fail


@pytest.fixture
def client(host: Flask) -> FlaskClient:
    return host.test_client()


def test_a_preflight_renews_nothing(client: FlaskClient, host: Flask, clock: Clock) -> None:
    headers = bearer(due(host, clock).access_token)
    assert RENEWED not in client.options("/access_required", headers=headers).headers
