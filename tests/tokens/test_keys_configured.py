"""Keys that the settings give: which go with which algorithm, what is refused, what is published."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from conftest import bearer
from cryptography.hazmat.primitives.asymmetric import ed448, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import Flask
from forging import header_of
from hosts import services_of, sign_in
from key_rings import ED25519, P256, P384, RSA, SECRET, ring

from flask_renewal import ConfigurationError
from flask_renewal.identity.tokens.keys import thumbprint


def pem(key: Any, password: bytes | None = None) -> str:
    encryption = NoEncryption() if password is None else BestAvailableEncryption(password)
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode())


def public_pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def test_a_secret_signs_hs256_and_needs_no_file(tmp_path: Path) -> None:
    keys = ring(tmp_path, JWT_SECRET_KEY=SECRET)
    assert keys.signing_key.algorithm == "HS256"
    assert os.listdir(tmp_path) == []


def test_a_secret_has_nothing_to_publish(tmp_path: Path) -> None:
    keys = ring(tmp_path, JWT_SECRET_KEY=SECRET)
    assert keys.jwks() == {"keys": []}
    assert SECRET not in keys.signing_key.kid


@pytest.mark.parametrize("length", [0, 1, 16, 31])
def test_a_secret_under_32_bytes_stops_the_start(tmp_path: Path, length: int) -> None:
    if length:
        with pytest.raises(ConfigurationError, match=rf"JWT_SECRET_KEY \({length} bytes\).*at least 32 random bytes"):
            ring(tmp_path, JWT_SECRET_KEY="x" * length)
    else:
        assert ring(tmp_path, JWT_SECRET_KEY="").signing_key.algorithm == "ES256"


SHORTEST = "äéîõüçñßøåàêïôûý"
"""32 bytes in UTF-8."""


def test_a_secret_of_32_bytes_will_do(tmp_path: Path) -> None:
    assert ring(tmp_path, JWT_SECRET_KEY=SHORTEST).signing_key.private_key == SHORTEST.encode()


PAIRS: dict[str, tuple[Any, str | None, str]] = {
    "an elliptic key": (P256, None, "ES256"),
    "an elliptic key, said so": (P256, "ES256", "ES256"),
    "a greater curve": (P384, "ES384", "ES384"),
    "an RSA key": (RSA, "RS256", "RS256"),
    "an RSA key with another padding": (RSA, "PS256", "PS256"),
    "an Edwards key": (ED25519, "EdDSA", "EdDSA"),
    "a greater Edwards key": (ed448.Ed448PrivateKey.generate(), "EdDSA", "EdDSA"),
}


@pytest.mark.parametrize(("key", "algorithm", "signs"), PAIRS.values(), ids=PAIRS)
def test_a_key_in_pem_signs_and_is_published(
    make_app: Callable[..., Flask], key: Any, algorithm: str | None, signs: str
) -> None:
    app = make_app(JWT_PRIVATE_KEY=pem(key), JWT_ALGORITHM=algorithm)
    token = sign_in(app).access_token
    [published] = app.test_client().get("/.well-known/jwks.json").get_json()["keys"]
    assert header_of(token) == {"alg": signs, "kid": published["kid"], "typ": "at+jwt"}
    claims = jwt.decode(token, jwt.PyJWK(published), [signs], audience="flask-renewal", options={"verify_exp": False})
    assert claims["sub"] == "id-of-alice"
    assert app.test_client().get("/auth/me", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (pem(P256), "RS256"),
        (pem(P256), "ES384"),
        (pem(P384), None),
        (pem(RSA), None),
        (pem(RSA), "HS256"),
        (pem(ED25519), "ES256"),
        (pem(P256, b"secret"), "ES256"),
        (public_pem(P256).replace("PUBLIC", "PRIVATE"), "ES256"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "ES256"),
        (pem(P256)[:80], "ES256"),
    ],
    ids=[
        "an elliptic key for RSA",
        "a curve too small",
        "a curve too great",
        "an RSA key without its algorithm",
        "an RSA key as a secret",
        "an Edwards key for another curve",
        "an encrypted key",
        "a public key that says it were private",
        "no key at all",
        "half a key",
    ],
)
def test_a_key_that_does_not_go_with_its_algorithm_stops_the_start(
    tmp_path: Path, key: str, algorithm: str | None
) -> None:
    with pytest.raises(ConfigurationError, match=r"JWT_PRIVATE_KEY cannot be used with JWT_ALGORITHM") as refusal:
        ring(tmp_path, JWT_PRIVATE_KEY=key, JWT_ALGORITHM=algorithm)
    assert key.splitlines()[1] not in str(refusal.value)


def test_a_weak_rsa_key_stops_the_start(tmp_path: Path) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    with pytest.raises(ConfigurationError, match="JWT_PRIVATE_KEY"):
        ring(tmp_path, JWT_PRIVATE_KEY=pem(weak), JWT_ALGORITHM="RS256")


def test_the_published_keys_are_cacheable_and_public(app: Flask) -> None:
    response = app.test_client().get("/.well-known/jwks.json")
    [key] = response.get_json()["keys"]
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert (key["use"], key["alg"], key["crv"]) == ("sig", "ES256", "P-256")


@pytest.mark.parametrize(("key", "algorithm", "signs"), PAIRS.values(), ids=PAIRS)
def test_no_private_member_is_published(tmp_path: Path, key: Any, algorithm: str | None, signs: str) -> None:
    [published] = ring(tmp_path, JWT_PRIVATE_KEY=pem(key), JWT_ALGORITHM=algorithm).jwks()["keys"]
    assert not {"d", "p", "q", "dp", "dq", "qi", "k", "oth"} & set(published)


def test_the_key_id_is_the_thumbprint(app: Flask) -> None:
    [key] = app.test_client().get("/.well-known/jwks.json").get_json()["keys"]
    assert key["kid"] == thumbprint({name: key[name] for name in ("crv", "kty", "x", "y")})


def test_the_thumbprint_of_the_standards_example() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn"
        "1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    assert thumbprint({"e": "AQAB", "kty": "RSA", "n": modulus}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize("kid", [None, 1, [], {}, "", "x", b"x"], ids=repr)
def test_a_key_is_found_by_exactly_its_id(tmp_path: Path, kid: object) -> None:
    keys = ring(tmp_path)
    assert keys.find(kid) is None
    assert keys.find(keys.signing_key.kid) is keys.signing_key


def test_a_key_does_not_show_itself(tmp_path: Path) -> None:
    key = ring(tmp_path, JWT_SECRET_KEY=SECRET).signing_key
    assert SECRET not in repr(key)


def test_the_two_kinds_of_token_share_no_key(app: Flask, tmp_path: Path) -> None:
    for key in (services_of(app).keys.signing_key, ring(tmp_path, JWT_SECRET_KEY=SECRET).signing_key):
        assert len(key.refresh_secret) == 32
        assert key.refresh_secret != key.private_key


PUBLISHED = {
    "crv": "P-256",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    "kty": "EC",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
"""The key of RFC 7515, appendix A.3."""


def test_a_published_key_stops_the_start(tmp_path: Path) -> None:
    published = pem(jwt.get_algorithm_by_name("ES256").from_jwk(PUBLISHED))
    with pytest.raises(ConfigurationError, match=r"published example.*generate one of your own") as refusal:
        ring(tmp_path, JWT_PRIVATE_KEY=published)
    assert published[40:80] not in refusal.value.detail


def test_a_published_key_in_the_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "signing_keys.json").write_text(json.dumps({"keys": [PUBLISHED]}))
    with pytest.raises(ConfigurationError, match="published example"):
        ring(tmp_path)
