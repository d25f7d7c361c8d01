"""Guarded routes: `@jwt_required()` and `access_required` let in the same and answer the same."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from answers import CHALLENGE, assert_refused
from conftest import Clock, bearer
from flask import Flask
from flask_jwt_extended import get_current_user, get_jwt_request_location
from forging import Forger
from hosts import GUARDS, guards, make_host, services_of, sign_in
from werkzeug.test import TestResponse

from flask_renewal import Grant, access_required
from flask_renewal.testing import RenewalClient


@guards
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic dTpw"},
        {"Authorization": ""},
        {"X-Access-Token": "abc"},
        {"Cookie": "access_token=x"},
    ],
    ids=["nothing", "another scheme", "an empty header", "another header", "a cookie"],
)
def test_without_a_bearer_token_the_answer_is_a_plain_challenge(
    get: Callable[..., TestResponse], guard: str, headers: dict[str, str]
) -> None:
    assert_refused(get(f"/{guard}", headers=headers), "token_missing", "Bearer")


@guards
def test_a_token_is_taken_from_the_header_only(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    cookies = {"Cookie": "; ".join(f"{name}={forger.token}" for name in ("access_token", "access_token_cookie"))}
    assert_refused(get(f"/{guard}", headers=cookies), "token_missing", "Bearer")
    for name in ("access_token", "jwt", "token"):
        assert_refused(get(f"/{guard}", query_string={name: forger.token}), "token_missing", "Bearer")


@guards
@pytest.mark.parametrize(
    "form", ["Bearer", "Bearer ", "Bearer {} {}", "Bearer {} x"], ids=["no token", "a space", "two tokens", "a rest"]
)
def test_a_malformed_header_is_invalid(get: Callable[..., TestResponse], forger: Forger, guard: str, form: str) -> None:
    value = form.format(forger.token, forger.token)
    assert_refused(get(f"/{guard}", headers={"Authorization": value}), "token_invalid", CHALLENGE)


@guards
@pytest.mark.parametrize(
    "form", ["Bearer {0}, Bearer {0}", "Bearer a, ,b", "Bearer ,", ", ,", ",\x85,", ", ,Bearer x,y"], ids=repr
)
def test_two_headers_joined_by_a_comma_let_nobody_in(
    get: Callable[..., TestResponse], forger: Forger, guard: str, form: str
) -> None:
    assert get(f"/{guard}", headers={"Authorization": form.format(forger.token)}).status_code == 401


@guards
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_case_of_the_scheme_does_not_matter(
    get: Callable[..., TestResponse], forger: Forger, guard: str, scheme: str
) -> None:
    response = get(f"/{guard}", headers={"Authorization": f"{scheme} {forger.token}"})
    assert response.get_json() == {"identity": "id-of-alice"}


@guards
def test_an_expired_token_is_told_apart(host: Flask, clock: Clock, guard: str) -> None:
    token = sign_in(host).access_token
    clock.tick(minutes=15)
    assert_refused(host.test_client().get(f"/{guard}", headers=bearer(token)), "token_expired", CHALLENGE)


@guards
def test_a_forged_expired_token_is_invalid(host: Flask, clock: Clock, guard: str) -> None:
    token = sign_in(host).access_token
    clock.tick(hours=1)
    assert_refused(host.test_client().get(f"/{guard}", headers=bearer(token[:-4])), "token_invalid", CHALLENGE)


@guards
def test_leeway_is_granted_and_no_more(tmp_path: Path, clock: Clock, guard: str) -> None:
    app = make_host(tmp_path / "lee", clock, JWT_DECODE_LEEWAY=30)
    token = sign_in(app).access_token
    clock.tick(minutes=15, seconds=29)
    assert app.test_client().get(f"/{guard}", headers=bearer(token)).status_code == 200
    clock.tick(seconds=1)
    assert app.test_client().get(f"/{guard}", headers=bearer(token)).status_code == 401


@guards
def test_the_token_of_an_ended_session_is_refused(host: Flask, guard: str) -> None:
    grant = sign_in(host)
    services_of(host).sessions.end(grant.session.id, reason="test")
    response = host.test_client().get(f"/{guard}", headers=bearer(grant.access_token))
    assert_refused(response, "session_ended", CHALLENGE)


@guards
def test_the_token_of_an_ended_session_passes_where_revocation_is_skipped(host: Flask, guard: str) -> None:
    grant = sign_in(host)
    services_of(host).sessions.end(grant.session.id, reason="test")
    client = host.test_client()
    assert client.get(f"/{guard}/unrevoked", headers=bearer(grant.access_token)).status_code == 200


@guards
def test_a_fresh_token_is_asked_for(host: Flask, guard: str) -> None:
    grant, client = sign_in(host), host.test_client()
    assert client.get(f"/{guard}/fresh", headers=bearer(grant.access_token)).status_code == 200
    stale = services_of(host).sessions.refresh(grant.refresh_token or "", None)
    assert client.get(f"/{guard}", headers=bearer(stale.access_token)).status_code == 200
    response = client.get(f"/{guard}/fresh", headers=bearer(stale.access_token))
    assert_refused(response, "fresh_token_required", 'Bearer error="insufficient_user_authentication"')


@guards
def test_optional_lets_in_without_a_token_and_refuses_a_bad_one(
    get: Callable[..., TestResponse], forger: Forger, guard: str
) -> None:
    assert get(f"/{guard}/optional").get_json() == {"identity": None}
    assert get(f"/{guard}/optional", headers=bearer(forger.token)).get_json() == {"identity": "id-of-alice"}
    assert get(f"/{guard}/optional/user").get_json() == {"username": None}
    assert_refused(get(f"/{guard}/optional", headers=bearer("bad")), "token_invalid", CHALLENGE)


@guards
def test_optional_refuses_an_ended_session(host: Flask, guard: str) -> None:
    grant = sign_in(host)
    services_of(host).sessions.end(grant.session.id, reason="test")
    response = host.test_client().get(f"/{guard}/optional", headers=bearer(grant.access_token))
    assert_refused(response, "session_ended", CHALLENGE)


@guards
def test_current_user_is_the_hosts_own_object(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    assert get(f"/{guard}/user", headers=bearer(forger.token)).get_json() == {"username": "alice"}


def test_the_user_is_the_object_itself_from_a_tokens_first_request_on(host: Flask) -> None:
    host.add_url_rule("/type", "type", access_required()(lambda: type(get_current_user()).__name__))
    client = RenewalClient(host).login()
    assert [client.get("/type").text for _ in range(2)] == ["User", "User"]


@guards
def test_a_user_who_is_gone_is_found_out_when_asked_for(
    get: Callable[..., TestResponse], forger: Forger, guard: str
) -> None:
    gone = bearer(forger.signed({"sub": "nobody"}))
    assert get(f"/{guard}", headers=gone).status_code == 200
    assert_refused(get(f"/{guard}/user", headers=gone), "token_invalid", CHALLENGE)


@guards
def test_the_claims_are_those_of_the_standard(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    claims = get(f"/{guard}/claims", headers=bearer(forger.token)).get_json()
    assert {"iss", "sub", "aud", "exp", "iat", "jti", "sid", "client_id", "auth_time"} <= set(claims)
    assert claims["client_id"] == claims["iss"]
    assert claims["exp"] - claims["iat"] == 900
    assert forger.header == {"alg": "ES256", "typ": "at+jwt", "kid": forger.key.kid}


def test_a_token_says_nothing_of_the_person(forger: Forger) -> None:
    assert "alice" not in json.dumps({**forger.claims, "sub": ""})


@guards
def test_a_preflight_needs_no_token(get: Callable[..., TestResponse], reading: tuple[Flask, Grant], guard: str) -> None:
    assert reading[0].test_client().options(f"/{guard}").status_code == 200


@guards
def test_a_view_that_answers_preflights_itself_is_not_told_who_asks(host: Flask, guard: str) -> None:
    view = GUARDS[guard]()(lambda: str(get_jwt_request_location()))
    host.add_url_rule("/own", view_func=view, methods=["GET", "OPTIONS"], endpoint="own")
    client = RenewalClient(host).login()
    assert [client.open("/own", method=how).text for how in ("GET", "OPTIONS")] == ["headers", "None"]


def test_a_guarded_view_keeps_its_name() -> None:
    assert access_required()(sign_in).__name__ == "sign_in"


def test_the_other_errors_of_a_host_stay_its_own(get: Callable[..., TestResponse]) -> None:
    assert get("/no-such-route").mimetype == "text/html"
