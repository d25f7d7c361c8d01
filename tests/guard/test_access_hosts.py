"""A host's own `JWTManager`, callbacks, claims and settings keep their meaning under both guards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from answers import CHALLENGE, assert_refused
from conftest import Clock, bearer
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient
from flask_jwt_extended import JWTManager, decode_token, get_jwt_identity, jwt_required
from forging import claims_of
from hosts import GUARDS, add_routes, guards, make_host, services_of, sign_in

from flask_renewal import access_required
from flask_renewal.testing import RenewalClient


def own_callbacks(app: Flask) -> None:
    manager = JWTManager(app)
    manager.unauthorized_loader(lambda reason: ({"mine": "missing"}, 418))
    manager.expired_token_loader(lambda header, claims: ({"mine": "expired", "sub": claims["sub"]}, 418))
    manager.invalid_token_loader(lambda reason: ({"mine": "invalid"}, 418))
    manager.revoked_token_loader(lambda header, claims: ({"mine": "revoked"}, 418))
    manager.user_lookup_loader(lambda header, claims: type("Mine", (), {"username": "mine"})())


@pytest.fixture
def own(tmp_path: Path, clock: Clock) -> Flask:
    return make_host(tmp_path / "own", clock, prepare=own_callbacks)


@guards
def test_a_hosts_own_callbacks_answer(own: Flask, clock: Clock, guard: str) -> None:
    grant, client = sign_in(own), own.test_client()
    assert client.get(f"/{guard}").get_json() == {"mine": "missing"}
    assert client.get(f"/{guard}", headers=bearer("bad")).get_json() == {"mine": "invalid"}
    assert client.get(f"/{guard}/user", headers=bearer(grant.access_token)).get_json() == {"username": "mine"}
    services_of(own).sessions.end(grant.session.id, reason="test")
    assert client.get(f"/{guard}", headers=bearer(grant.access_token)).get_json() == {"mine": "revoked"}
    clock.tick(hours=1)
    expired = client.get(f"/{guard}", headers=bearer(grant.access_token)).get_json()
    assert expired == {"mine": "expired", "sub": "id-of-alice"}


@guards
def test_a_hosts_own_blocklist_is_asked_too(tmp_path: Path, clock: Clock, guard: str) -> None:
    blocked: list[str] = []
    app = make_host(
        tmp_path / "own",
        clock,
        prepare=lambda app: JWTManager(app).token_in_blocklist_loader(lambda header, claims: claims["jti"] in blocked),
    )
    grant, client = sign_in(app), app.test_client()
    assert client.get(f"/{guard}", headers=bearer(grant.access_token)).status_code == 200
    blocked.append(claims_of(grant.access_token)["jti"])
    assert_refused(client.get(f"/{guard}", headers=bearer(grant.access_token)), "session_ended", CHALLENGE)


@guards
def test_a_blocklist_that_comes_later_does_not_bring_ended_sessions_back(host: Flask, guard: str) -> None:
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.token_in_blocklist_loader(lambda header, claims: False)
    grant = sign_in(host)
    services_of(host).sessions.end(grant.session.id, reason="test")
    response = host.test_client().get(f"/{guard}", headers=bearer(grant.access_token))
    assert_refused(response, "session_ended", CHALLENGE)


@guards
def test_a_blocklist_that_comes_later_is_asked(host: Flask, guard: str) -> None:
    client = RenewalClient(host).login()
    assert client.get(f"/{guard}").status_code == 200
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.token_in_blocklist_loader(lambda header, claims: True)
    assert_refused(client.get(f"/{guard}"), "session_ended", CHALLENGE)


@guards
def test_callbacks_that_come_later_answer(host: Flask, guard: str) -> None:
    host.extensions["flask-jwt-extended"].unauthorized_loader(lambda reason: ({"mine": "missing"}, 418))
    assert host.test_client().get(f"/{guard}").get_json() == {"mine": "missing"}


@guards
def test_whom_a_hosts_lookup_does_not_find_is_refused(host: Flask, guard: str) -> None:
    found = {"id-of-alice": {"username": "alice"}}
    client = host.test_client()
    headers = {name: bearer(sign_in(host, name).access_token) for name in ("alice", "bob")}
    assert client.get(f"/{guard}", headers=headers["bob"]).status_code == 200
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.user_lookup_loader(lambda header, claims: found.get(claims["sub"]))
    assert client.get(f"/{guard}", headers=headers["alice"]).status_code == 200
    assert_refused(client.get(f"/{guard}", headers=headers["bob"]), "token_invalid", CHALLENGE)


@guards
def test_a_hosts_verification_of_claims_is_asked(host: Flask, guard: str) -> None:
    client = host.test_client()
    headers = {name: bearer(sign_in(host, name).access_token) for name in ("alice", "bob")}
    assert client.get(f"/{guard}", headers=headers["alice"]).status_code == 200
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.token_verification_loader(lambda header, claims: claims["sub"] == "id-of-bob")
    assert client.get(f"/{guard}", headers=headers["bob"]).status_code == 200
    assert_refused(client.get(f"/{guard}", headers=headers["alice"]), "token_invalid", CHALLENGE)


@guards
def test_a_hosts_claims_are_in_the_token(host: Flask, guard: str) -> None:
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.additional_claims_loader(lambda identity: {"role": "editor", "for": identity})
    token = sign_in(host).access_token
    claims = host.test_client().get(f"/{guard}/claims", headers=bearer(token)).get_json()
    assert (claims["role"], claims["for"]) == ("editor", "id-of-alice")


def test_a_hosts_claims_cannot_replace_ours(host: Flask) -> None:
    ours = {"sub": "eve", "sid": "x", "exp": 1, "type": "refresh", "fresh": False, "iss": "x", "renewable_until": 1}
    host.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: ours)
    host.extensions["flask-jwt-extended"].additional_headers_loader(lambda identity: {"typ": "JWT", "kid": "x"})
    grant = sign_in(host)
    claims = claims_of(grant.access_token)
    assert not [name for name, value in ours.items() if claims[name] == value]
    assert host.test_client().get("/jwt_required", headers=bearer(grant.access_token)).status_code == 200


@guards
def test_a_host_that_names_the_identity_claim_otherwise_finds_it(tmp_path: Path, clock: Clock, guard: str) -> None:
    app = make_host(tmp_path / "own", clock, JWT_IDENTITY_CLAIM="identity")
    client, headers = app.test_client(), bearer(sign_in(app).access_token)
    assert client.get(f"/{guard}", headers=headers).get_json() == {"identity": "id-of-alice"}
    assert client.get(f"/{guard}/user", headers=headers).get_json() == {"username": "alice"}
    assert client.get("/auth/me", headers=headers).status_code == 200


@guards
def test_a_hosts_cookie_location_works_on_its_own_routes(tmp_path: Path, clock: Clock, guard: str) -> None:
    app = make_host(tmp_path / "own", clock, JWT_TOKEN_LOCATION=["headers", "cookies"])
    token, client = sign_in(app).access_token, app.test_client()
    client.set_cookie("access_token_cookie", token)
    assert client.get(f"/{guard}").get_json() == {"identity": "id-of-alice"}
    assert_refused(client.get("/auth/me"), "token_missing", "Bearer")


@guards
def test_a_host_may_read_another_header(tmp_path: Path, clock: Clock, guard: str) -> None:
    app = make_host(tmp_path / "own", clock, JWT_HEADER_NAME="X-Token", JWT_HEADER_TYPE="")
    token, client = sign_in(app).access_token, app.test_client()
    assert client.get(f"/{guard}", headers={"X-Token": token}).status_code == 200
    assert_refused(client.get(f"/{guard}", headers=bearer(token)), "token_missing", "Bearer")


@guards
def test_a_host_that_signs_with_a_secret_keeps_it(tmp_path: Path, clock: Clock, guard: str) -> None:
    app = make_host(tmp_path / "own", clock, prepare=JWTManager, JWT_SECRET_KEY="äéîõüçñßøåàêïôûý")
    assert not (tmp_path / "own" / "signing_keys.json").exists()
    response = app.test_client().get(f"/{guard}", headers=bearer(sign_in(app).access_token))
    assert response.status_code == 200


@guards
def test_a_refresh_route_of_the_hosts_lets_no_access_token_in(host: Flask, guard: str) -> None:
    add_routes(host, "/refreshing", lambda **_: GUARDS[guard](refresh=True))
    client, headers = host.test_client(), bearer(sign_in(host).access_token)
    assert_refused(client.get("/refreshing", headers=headers), "token_invalid", CHALLENGE)
    assert client.get(f"/{guard}", headers=headers).status_code == 200
    assert_refused(client.get("/refreshing", headers=headers), "token_invalid", CHALLENGE)


def test_a_host_may_decode_a_token_itself(host: Flask, clock: Clock) -> None:
    token = sign_in(host).access_token
    with host.test_request_context():
        assert decode_token(token)["sub"] == "id-of-alice"
        clock.tick(hours=1)
        assert decode_token(token, allow_expired=True)["sub"] == "id-of-alice"


@pytest.fixture
def guarded_client(host: Flask) -> Iterator[FlaskClient]:
    @host.get("/nested")
    @access_required()
    @jwt_required()
    def nested() -> Response:
        return jsonify(get_jwt_identity())

    with host.test_client() as client:
        yield client


def test_the_guards_may_be_nested(host: Flask, guarded_client: FlaskClient) -> None:
    response = guarded_client.get("/nested", headers=bearer(sign_in(host).access_token))
    assert response.get_json() == "id-of-alice"
