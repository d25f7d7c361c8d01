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
    Encoding,
    PublicFormat,
)
from flask import Flask
from forging import header_of
from hosts import services_of, sign_in
from key_rings import ED25519, P256, P384, RSA, SECRET, pem, ring

from flask_renewal import ConfigurationError
from flask_renewal.ground.errors import RefreshTokenInvalidError
from flask_renewal.identity.tokens.keys.signing_key import thumbprint
from flask_renewal.identity.tokens.refresh import RefreshTokens


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


def test_who_has_the_published_keys_already_is_told_that_they_are_the_same(app: Flask) -> None:
    client = app.test_client()
    tag = client.get("/.well-known/jwks.json").headers["ETag"]
    again = client.get("/.well-known/jwks.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "public, max-age=300"


def test_of_several_secrets_the_first_signs_and_all_verify(make_app: Callable[..., Flask]) -> None:
    old = make_app(name="old", JWT_SECRET_KEY=SECRET)
    new = make_app(name="new", JWT_SECRET_KEY=["another secret of thirty-two bytes!!", SECRET])
    assert services_of(new).access_tokens.read(sign_in(old).access_token).subject == "id-of-alice"
    assert services_of(new).keys.signing_key.kid != services_of(old).keys.signing_key.kid


def test_of_several_keys_in_pem_each_verifies_by_the_algorithm_of_its_kind(tmp_path: Path) -> None:
    keys = ring(tmp_path, JWT_PRIVATE_KEY=[pem(key) for key in (P384, P256, RSA, ED25519)], JWT_ALGORITHM="ES384")
    assert [key.algorithm for key in keys] == ["ES384", "ES256", "RS256", "EdDSA"]
    assert [key["alg"] for key in keys.jwks()["keys"]] == ["ES384", "ES256", "RS256", "EdDSA"]


def test_refresh_tokens_of_every_key_in_the_settings_stay_good(tmp_path: Path) -> None:
    one, other = pem(P256), pem(P384)
    token = RefreshTokens(ring(tmp_path, JWT_PRIVATE_KEY=one)).issue(session_id="sid", token_id="tid", device="")
    rotated = ring(tmp_path, JWT_PRIVATE_KEY=[other, one], JWT_ALGORITHM="ES384")
    assert RefreshTokens(rotated).read(token).id == "tid"


def test_a_secret_for_refresh_tokens_outlives_the_keys(tmp_path: Path) -> None:
    before = ring(tmp_path, JWT_PRIVATE_KEY=pem(P256), RENEWAL_REFRESH_SECRET=SECRET)
    after = ring(tmp_path, JWT_PRIVATE_KEY=pem(RSA), JWT_ALGORITHM="RS256", RENEWAL_REFRESH_SECRET=SECRET)
    token = RefreshTokens(before).issue(session_id="sid", token_id="tid", device="")
    assert RefreshTokens(after).read(token).id == "tid"
    with pytest.raises(RefreshTokenInvalidError):
        RefreshTokens(ring(tmp_path, JWT_PRIVATE_KEY=pem(P256))).read(token)


def test_whoever_begins_to_use_such_a_secret_signs_nobody_out(tmp_path: Path) -> None:
    token = RefreshTokens(ring(tmp_path)).issue(session_id="sid", token_id="tid", device="")
    assert RefreshTokens(ring(tmp_path, RENEWAL_REFRESH_SECRET=SECRET)).read(token).id == "tid"


def test_the_last_by_name_of_a_folder_signs_and_a_new_one_is_followed(tmp_path: Path) -> None:
    (tmp_path / "2026-01.pem").write_text(pem(P256))
    keys = ring(tmp_path, RENEWAL_KEY_FOLDER=str(tmp_path))
    assert [key.algorithm for key in keys] == ["ES256"]
    (tmp_path / "2026-07.pem").write_text(pem(ED25519))
    keys.follow()
    assert [key.algorithm for key in keys] == ["EdDSA", "ES256"]


@pytest.mark.parametrize(
    ("algorithm", "signs"), [(None, "RS256"), ("RS512", "RS512"), ("PS256", "PS256"), ("ES256", "RS256")]
)
def test_rsa_keys_of_a_folder_are_for_the_algorithm_that_is_asked_for(
    tmp_path: Path, algorithm: str | None, signs: str
) -> None:
    (tmp_path / "key.pem").write_text(pem(RSA))
    keys = ring(tmp_path, RENEWAL_KEY_FOLDER=str(tmp_path), JWT_ALGORITHM=algorithm)
    assert keys.signing_key.algorithm == signs


@pytest.mark.parametrize("content", [None, "no key", public_pem(P256)], ids=["no file", "no key", "a public key"])
def test_a_folder_without_good_keys_stops_the_start(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "key.pem").write_text(content)
    with pytest.raises(ConfigurationError, match="RENEWAL_KEY_FOLDER"):
        ring(tmp_path, RENEWAL_KEY_FOLDER=str(tmp_path))


@pytest.mark.parametrize("kid", [None, 1, [], {}, "", "x", b"x"], ids=repr)
def test_a_key_is_found_by_exactly_its_id(tmp_path: Path, kid: object) -> None:
    keys = ring(tmp_path)
    assert keys.find(kid) is None
    assert keys.find(keys.signing_key.kid) is keys.signing_key


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
