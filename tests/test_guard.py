"""Guarded routes: `@jwt_required()` and `access_required` let in the same tokens and give the same answers."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Clock, bearer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient
from flask_jwt_extended import JWTManager, decode_token, get_jwt_identity, jwt_required
from forging import Forger, claims_of
from hosts import GUARDS, RENEWED, add_routes, make_host, services_of, sign_in
from werkzeug.test import TestResponse

from flask_renewal import Grant, access_required

CHALLENGE = 'Bearer error="invalid_token"'
guards = pytest.mark.parametrize("guard", GUARDS)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Grant]:
    """A host with one session, for tests that change nothing."""
    app = make_host(tmp_path_factory.mktemp("guard") / "instance", Clock())
    return app, sign_in(app)


@pytest.fixture
def forger(reading: tuple[Flask, Grant]) -> Forger:
    app, grant = reading
    stranger = ec.generate_private_key(ec.SECP256R1())
    return Forger(grant.access_token, services_of(app).keys.signing_key, grant.refresh_token or "", stranger)


@pytest.fixture
def get(reading: tuple[Flask, Grant]) -> Callable[..., TestResponse]:
    return reading[0].test_client(use_cookies=False).get


@pytest.fixture
def host(tmp_path: Path, clock: Clock) -> Flask:
    return make_host(tmp_path / "instance", clock)


def assert_refused(response: TestResponse, code: str, challenge: str) -> None:
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["code"] == code
    assert response.headers.getlist("WWW-Authenticate") == [challenge]
    assert "Set-Cookie" not in response.headers
    assert RENEWED not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def in_der(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


FORGERIES: dict[str, Callable[[Forger], str]] = {
    "none": lambda f: f.unsigned("none"),
    "None with the old signature": lambda f: f.unsigned("None", f.token.rpartition(".")[2]),
    "NONE": lambda f: f.unsigned("NONE"),
    "nOnE with a signature of one byte": lambda f: f.unsigned("nOnE", "AA"),
    "an empty signature": lambda f: f.token.rpartition(".")[0] + ".",
    "a cut signature": lambda f: f.token[:-4],
    "a signature of zeros": lambda f: f.resigned(bytes(64)),
    "a signature in DER": lambda f: f.resigned(in_der(f.signature)),
    "a stranger's key": lambda f: f.signed(key=f.stranger),
    "HS256 keyed with the public PEM": lambda f: f.hmac(
        f.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).replace(b"--", b"")
    ),
    "HS256 keyed with the public JWK": lambda f: f.hmac(json.dumps(f.key.public_jwk).encode()),
    "HS512 keyed with the public JWK": lambda f: f.hmac(json.dumps(f.key.public_jwk).encode() * 2, "HS512"),
    "HS256 keyed with the refresh secret": lambda f: f.hmac(f.key.refresh_secret),
    "a header that brings its own key": lambda f: f.signed(
        header={"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}, key=f.stranger
    ),
    "a header that points to a key": lambda f: f.signed(header={"jku": "http://127.0.0.1:1/"}, key=f.stranger),
    "a header with a certificate": lambda f: f.signed(header={"x5c": ["AA"]}, key=f.stranger),
    "no kid": lambda f: f.signed(drop="kid"),
    "an empty kid": lambda f: f.signed(header={"kid": ""}),
    "a kid that climbs directories": lambda f: f.signed(header={"kid": "../../dev/null"}),
    "a kid in SQL": lambda f: f.signed(header={"kid": "' UNION SELECT 1 --"}),
    "a kid for a shell": lambda f: f.signed(header={"kid": "a|sleep 10"}),
    "a number as kid": lambda f: f.signed(header={"kid": 1}),
    "a list as kid": lambda f: f.signed(header={"kid": []}),
    "a kid of 10 kB": lambda f: f.signed(header={"kid": "k" * 10_000}),
    "another typ": lambda f: f.signed(header={"typ": "JWT"}),
    "the typ of a proof": lambda f: f.signed(header={"typ": "dpop+jwt"}),
    "no typ": lambda f: f.signed(drop="typ"),
    "an unknown critical extension": lambda f: f.signed(header={"crit": ["foo"], "foo": 1}),
    "an empty critical list": lambda f: f.signed(header={"crit": []}),
    "a payload that is not encoded": lambda f: f.signed(header={"b64": False, "crit": ["b64"]}),
    "the type of a refresh token": lambda f: f.signed({"type": "refresh"}),
    "a list as type": lambda f: f.signed({"type": ["access"]}),
    "an unknown type": lambda f: f.signed({"type": "weird"}),
    "another issuer": lambda f: f.signed({"iss": "https://evil.test"}),
    "another audience": lambda f: f.signed({"aud": "https://evil.test"}),
    "a list of other audiences": lambda f: f.signed({"aud": ["a", "b"]}),
    "a number as sub": lambda f: f.signed({"sub": 1}),
    "a list as sub": lambda f: f.signed({"sub": ["id-of-alice"]}),
    "an empty sub": lambda f: f.signed({"sub": ""}),
    "a number as jti": lambda f: f.signed({"jti": 1}),
    "a number as sid": lambda f: f.signed({"sid": 1}),
    "a text as exp": lambda f: f.signed({"exp": "9999999999"}),
    "null as exp": lambda f: f.signed({"exp": None}),
    "true as exp": lambda f: f.signed({"exp": True}),
    "a list as exp": lambda f: f.signed({"exp": [9999999999]}),
    "NaN as exp": lambda f: f.signed({"exp": float("nan")}),
    "infinity as exp": lambda f: f.signed({"exp": float("inf")}),
    "an exp of 400 digits": lambda f: f.signed({"exp": 10**400}),
    "an iat of 400 digits": lambda f: f.signed({"iat": 10**400}),
    "an exp of 1e400": lambda f: f.raw(payload=json.dumps(f.claims).replace('"exp": ', '"exp": 1e400, "x": ').encode()),
    "an iat in the future": lambda f: f.signed({"iat": f.claims["iat"] + 120}),
    "an nbf in the future": lambda f: f.signed({"nbf": f.claims["iat"] + 120}),
    "a text as nbf": lambda f: f.signed({"nbf": "0"}),
    "a text as auth_time": lambda f: f.signed({"auth_time": "now"}),
    "a text as renewable_until": lambda f: f.signed({"renewable_until": "later"}),
    "a text as fresh": lambda f: f.signed({"fresh": "yes"}),
    "a time as fresh": lambda f: f.signed({"fresh": 9999999999}),
    **{
        f"no {name}": lambda f, name=name: f.signed(drop=name)
        for name in ("iss", "sub", "aud", "exp", "iat", "jti", "sid", "auth_time", "type", "fresh")
    },
    "two subs in the claims": lambda f: f.raw(payload=json.dumps(f.claims)[:-1].encode() + b', "sub": "x"}'),
    "two kids in the header": lambda f: f.raw(json.dumps(f.header)[:-1].encode() + b', "kid": "x"}'),
    "a list as payload": lambda f: f.raw(payload=b"[1]"),
    "a text as payload": lambda f: f.raw(payload=b'"x"'),
    "an empty payload": lambda f: f.raw(payload=b""),
    "a payload in Latin-1": lambda f: f.raw(payload=json.dumps(f.claims).encode()[:-1] + b', "x": "\xe9"}'),
    "a payload that nests deep": lambda f: f.raw(payload=b"[" * 2500 + b"]" * 2500),
    "a list as header": lambda f: f.raw(b"[1]"),
    "a header that nests deep": lambda f: f.raw(b"[" * 2500 + b"]" * 2500),
    "two parts": lambda f: f.token.rpartition(".")[0],
    "five parts": lambda f: f.token + ".AA.AA",
    "the JSON form of a token": lambda f: '{"payload":"AA"}',
    "padding at the end": lambda f: f.token + "=",
    "a character outside ASCII": lambda f: f.token + "é",
    "more than 8 KiB": lambda f: f.signed({"pad": "x" * 8192}),
    "nothing but dots": lambda f: "..",
    "a refresh token": lambda f: f.refresh_token,
    "a word": lambda f: "hunter2",
}


@guards
@pytest.mark.parametrize("make", FORGERIES.values(), ids=FORGERIES)
def test_a_token_that_is_not_ours_is_invalid(
    get: Callable[..., TestResponse], forger: Forger, guard: str, make: Callable[[Forger], str]
) -> None:
    response = get(f"/{guard}", headers=bearer(make(forger)))
    assert_refused(response, "token_invalid", CHALLENGE)


@guards
def test_the_forger_can_make_a_good_token(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    assert get(f"/{guard}", headers=bearer(forger.signed({"extra": 1}))).status_code == 200
    assert get(f"/{guard}", headers=bearer(forger.raw())).status_code == 200


@guards
@pytest.mark.parametrize("depth", [900, 940, 960, 970, 980, 990, 1000], ids="a header that nests {} deep".format)
def test_no_depth_of_nesting_is_an_internal_error(
    get: Callable[..., TestResponse], forger: Forger, guard: str, depth: int
) -> None:
    header = json.dumps(forger.header)[:-1].encode() + b', "x": ' + b"[" * depth + b"]" * depth + b"}"
    response = get(f"/{guard}", headers=bearer(forger.raw(header, key=forger.stranger)))
    assert_refused(response, "token_invalid", CHALLENGE)


@guards
def test_no_garbage_is_an_internal_error(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    chance = random.Random(guard)
    alphabet = "abcAZ019-_.=,:;\"' {}[]\t\x00\x7f\xe9\xff"
    for _ in range(300):
        garbage = "".join(chance.choices(alphabet, k=chance.randrange(1, 60)))
        response = get(f"/{guard}", headers=bearer(garbage))
        assert (response.status_code, response.headers["WWW-Authenticate"][:6]) == (401, "Bearer"), repr(garbage)


@guards
def test_no_flipped_bit_gets_in(get: Callable[..., TestResponse], forger: Forger, guard: str) -> None:
    for position in range(0, len(forger.token) - 1, 7):
        letter = "A" if forger.token[position] != "A" else "B"
        forged = forger.token[:position] + letter + forger.token[position + 1 :]
        assert get(f"/{guard}", headers=bearer(forged)).status_code == 401, position


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
    assert {"iss", "sub", "aud", "exp", "iat", "jti", "sid", "auth_time"} <= set(claims)
    assert claims["exp"] - claims["iat"] == 900
    assert forger.header == {"alg": "ES256", "typ": "at+jwt", "kid": forger.key.kid}


def test_a_token_says_nothing_of_the_person(forger: Forger) -> None:
    assert "alice" not in json.dumps({**forger.claims, "sub": ""})


@guards
def test_a_preflight_needs_no_token(get: Callable[..., TestResponse], reading: tuple[Flask, Grant], guard: str) -> None:
    assert reading[0].test_client().options(f"/{guard}").status_code == 200


def test_a_guarded_view_keeps_its_name() -> None:
    assert access_required()(in_der).__name__ == "in_der"


# ---- the host's own arrangements


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
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.token_in_blocklist_loader(lambda header, claims: True)
    response = host.test_client().get(f"/{guard}", headers=bearer(sign_in(host).access_token))
    assert_refused(response, "session_ended", CHALLENGE)


@guards
def test_callbacks_that_come_later_answer(host: Flask, guard: str) -> None:
    host.extensions["flask-jwt-extended"].unauthorized_loader(lambda reason: ({"mine": "missing"}, 418))
    assert host.test_client().get(f"/{guard}").get_json() == {"mine": "missing"}


@guards
def test_a_hosts_verification_of_claims_is_asked(host: Flask, guard: str) -> None:
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.token_verification_loader(lambda header, claims: claims["sub"] == "id-of-bob")
    client = host.test_client()
    assert client.get(f"/{guard}", headers=bearer(sign_in(host, "bob").access_token)).status_code == 200
    assert_refused(client.get(f"/{guard}", headers=bearer(sign_in(host).access_token)), "token_invalid", CHALLENGE)


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
    app = make_host(tmp_path / "own", clock, prepare=JWTManager, JWT_SECRET_KEY="ß" * 16)
    assert not (tmp_path / "own" / "signing_keys.json").exists()
    response = app.test_client().get(f"/{guard}", headers=bearer(sign_in(app).access_token))
    assert response.status_code == 200


@guards
def test_a_refresh_route_of_the_hosts_lets_no_access_token_in(host: Flask, guard: str) -> None:
    add_routes(host, "/refreshing", lambda **_: GUARDS[guard](refresh=True))
    response = host.test_client().get("/refreshing", headers=bearer(sign_in(host).access_token))
    assert_refused(response, "token_invalid", CHALLENGE)


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


def test_the_other_errors_of_a_host_stay_its_own(get: Callable[..., TestResponse]) -> None:
    assert get("/no-such-route").mimetype == "text/html"
