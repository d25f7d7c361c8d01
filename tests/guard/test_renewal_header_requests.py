"""Which requests get a renewed token: never one that signs out or ends sessions."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock, bearer
from flask import Flask, Response, jsonify
from flask_jwt_extended import decode_token, get_jwt_identity
from forging import claims_of
from hosts import GUARDS, LITTLE_LEFT, RENEWED, answering, due, guards, make_host, services_of, sign_in
from sqlalchemy import text
from statements import statements

SPA = "https://app.example.com"


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
@pytest.mark.parametrize("row", ["gone", "of somebody else"])
def test_a_token_is_not_renewed_without_the_row_of_its_session_and_that_is_no_fault(
    host: Flask, clock: Clock, guard: str, row: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = due(host, clock).access_token
    change = {"gone": "DELETE FROM renewal_session", "of somebody else": "UPDATE renewal_session SET user_id = 'bob'"}
    with host.app_context(), host.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(text(change[row]))
    answer = host.test_client().get(f"/{guard}", headers=bearer(token))
    assert (answer.status_code, RENEWED in answer.headers) == (200, False)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


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


def test_a_token_from_a_cookie_is_not_renewed(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(JWT_TOKEN_LOCATION=["headers", "cookies"])
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
    adopt: Callable[..., Flask], clock: Clock, headers: dict[str, str], renewed: bool
) -> None:
    app = adopt(RENEWAL_TRUSTED_ORIGINS=[SPA])
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


@guards
@pytest.mark.parametrize("old", [True, False], ids=["to an old token", "to a young token"])
def test_a_token_that_is_decoded_before_the_guard_is_not_handed(
    host: Flask, clock: Clock, guard: str, old: bool
) -> None:
    elder, bob = sign_in(host), due(host, clock, username="bob")
    alice = elder if old else sign_in(host)
    clock.tick(minutes=1)
    host.before_request(lambda: decode_token(bob.access_token) and None)
    response = host.test_client().get(f"/{guard}", headers=bearer(alice.access_token))
    renewed = response.headers.get(RENEWED)
    assert (claims_of(renewed)["sub"] if renewed else None) == ("id-of-alice" if old else None)
    assert RENEWED not in host.test_client().get(f"/{guard}/optional").headers


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
@pytest.mark.parametrize("here", [True, False], ids=["everywhere", "everywhere else"])
def test_a_hosts_own_route_that_ends_sessions_hands_out_no_token(
    host: Flask, clock: Clock, guard: str, here: bool
) -> None:
    sign_in(host)
    grant = due(host, clock)

    def sign_out() -> str:
        but = None if here else grant.session.id
        return f"ended {services_of(host).sessions.end_all(get_jwt_identity(), reason='test', but=but)}"

    response = answering(host, sign_out, GUARDS[guard])("/answer", headers=bearer(grant.access_token))
    assert (response.text, RENEWED in response.headers) == (f"ended {2 if here else 1}", False)


@guards
def test_a_token_renewed_meanwhile_dies_with_its_session(host: Flask, clock: Clock, guard: str) -> None:
    grant = due(host, clock)
    client = host.test_client()
    renewed = client.get(f"/{guard}", headers=bearer(grant.access_token)).headers[RENEWED]
    client.post("/auth/logout", headers=bearer(grant.access_token))
    assert client.get(f"/{guard}", headers=bearer(renewed)).status_code == 401
