"""The renewed access token in the response header: when it comes, and with what."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answers import away
from conftest import Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from forging import claims_of
from hosts import LITTLE_LEFT, RENEWED, due, guards, make_host, services_of, sign_in
from sqlalchemy import text

from flask_renewal.ground.errors import AccountDisabledError
from flask_renewal.identity.sessions.grants import Origin

SPA = "https://app.example.com"
EXPOSE = "Access-Control-Expose-Headers"


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
    ("threshold", "seconds", "renewed"),
    [(0, 899, False), (0, 901, False), (1, 1, True), (0.5, 451, True), (0.5, 449, False)],
)
def test_the_threshold_is_a_setting(
    adopt: Callable[..., Flask], clock: Clock, guard: str, threshold: float, seconds: int, renewed: bool
) -> None:
    app = adopt(RENEWAL_HEADER_THRESHOLD=threshold, JWT_DECODE_LEEWAY=30)
    token = sign_in(app).access_token
    clock.tick(seconds=seconds)
    assert (RENEWED in app.test_client().get(f"/{guard}", headers=bearer(token)).headers) is renewed


def test_the_name_of_the_header_is_a_setting(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(RENEWAL_HEADER_NAME="X-New")
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


def test_who_was_disabled_by_another_hand_is_refreshed_no_more_and_renewed_until_that_limit(
    host: Flask, clock: Clock
) -> None:
    grant = sign_in(host)
    with host.app_context():
        db = host.extensions["sqlalchemy"]
        db.session.execute(text("UPDATE host_user SET disabled_at = created_at"))
        db.session.commit()
    assert 3600 <= keep_calling(host, clock, grant.access_token, hours=5) * 3600 <= 4500
    with pytest.raises(AccountDisabledError):
        services_of(host).sessions.refresh(grant.refresh_token or "", None)


def test_a_refresh_starts_the_limit_anew(host: Flask, clock: Clock) -> None:
    grant = sign_in(host)
    clock.tick(hours=3)
    refreshed = services_of(host).sessions.refresh(grant.refresh_token or "", None)
    assert 1 <= keep_calling(host, clock, refreshed.access_token, hours=5) < 1.2


def test_without_a_limit_the_header_renews_as_long_as_the_session_lives(
    adopt: Callable[..., Flask], clock: Clock
) -> None:
    app = adopt(RENEWAL_HEADER_LIMIT=None, RENEWAL_SESSION_LIFETIME=8 * 3600)
    token = sign_in(app).access_token
    assert "renewable_until" not in claims_of(token)
    assert 8 < keep_calling(app, clock, token, hours=24) < 8.2


def test_a_limit_of_nothing_turns_the_header_off(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(RENEWAL_HEADER_LIMIT=0)
    assert keep_calling(app, clock, sign_in(app).access_token, hours=1) < 0.2


def test_a_token_without_a_limit_is_not_renewed_once_there_is_one(
    adopt: Callable[..., Flask], tmp_path: Path, clock: Clock
) -> None:
    old = adopt(RENEWAL_HEADER_LIMIT=None)
    grant = due(old, clock)
    new = make_host(tmp_path / "instance", clock)
    response = new.test_client().get("/access_required", headers=bearer(grant.access_token))
    assert (response.status_code, RENEWED in response.headers) == (200, False)


def test_a_renewed_token_ends_with_its_session(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(RENEWAL_SESSION_LIFETIME=1000)
    grant = due(app, clock)
    response = app.test_client().get("/access_required", headers=bearer(grant.access_token))
    assert grant.session.expires_at is not None
    assert claims_of(response.headers[RENEWED])["exp"] == int(grant.session.expires_at.timestamp())


def test_a_token_that_would_live_no_longer_is_not_handed_out(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(RENEWAL_SESSION_LIFETIME=900)
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
    assert [record.levelname for record in caplog.records if record.name == "flask_renewal"]
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
