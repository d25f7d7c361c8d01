"""The key ring: where keys come from, what is refused, what is published."""

import json
import logging
import multiprocessing
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from conftest import bearer
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
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

from flask_renewal import ConfigurationError
from flask_renewal.keys import KEY_FILE, KeyRing, thumbprint
from flask_renewal.settings import Settings

SECRET = "a secret of thirty-two characters or more"


def ring(folder: Path, **config: Any) -> KeyRing:
    return KeyRing.open(Settings.from_config(config), folder)


def pem(key: Any, password: bytes | None = None) -> str:
    encryption = NoEncryption() if password is None else BestAvailableEncryption(password)
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode())


def public_pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def test_the_first_start_makes_one_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    keys = list(ring(tmp_path / "new"))
    path = tmp_path / "new" / KEY_FILE
    assert [key.algorithm for key in keys] == ["ES256"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == [KEY_FILE]


def test_the_application_makes_its_folder_for_the_owner_alone(tmp_path: Path, app: Flask) -> None:
    assert stat.S_IMODE(Path(app.instance_path).stat().st_mode) == 0o700
    assert stat.S_IMODE((Path(app.instance_path) / KEY_FILE).stat().st_mode) == 0o600


def test_the_next_start_finds_the_same_key(tmp_path: Path) -> None:
    assert ring(tmp_path).signing_key.kid == ring(tmp_path).signing_key.kid
    assert ring(tmp_path).signing_key.refresh_secret == ring(tmp_path).signing_key.refresh_secret


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert ring(tmp_path / "a").signing_key.kid != ring(tmp_path / "b").signing_key.kid


def start(folder: Path, ready: Any, kids: Any) -> None:
    ready.wait()
    kids.put(ring(folder).signing_key.kid)


def test_many_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(3):
        ready, kids = context.Barrier(8), context.Queue()
        folder = tmp_path / str(attempt)
        processes = [context.Process(target=start, args=(folder, ready, kids)) for _ in range(8)]
        for process in processes:
            process.start()
        assert len({kids.get(timeout=30) for _ in processes}) == 1
        for process in processes:
            process.join(30)
        assert os.listdir(folder) == [KEY_FILE]


CORRUPT = {
    "empty": b"",
    "half a file": b'{"keys": [{"kty": "EC", "crv": "P-2',
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "no keys": b'{"keys": []}',
    "keys that are no list": b'{"keys": 5}',
    "a key that is no object": b'{"keys": ["x"]}',
    "an empty key": b'{"keys": [{}]}',
    "a shared secret": b'{"keys": [{"kty": "oct", "k": "AAAA"}]}',
    "a key without its numbers": b'{"keys": [{"kty": "EC", "crv": "P-256"}]}',
    "a public key": json.dumps(
        {"keys": [jwt.get_algorithm_by_name("ES256").to_jwk(P256.public_key(), as_dict=True)]}
    ).encode(),
    "a key of another curve": json.dumps(
        {"keys": [jwt.get_algorithm_by_name("ES384").to_jwk(P384, as_dict=True)]}
    ).encode(),
    "an RSA key": json.dumps({"keys": [jwt.get_algorithm_by_name("RS256").to_jwk(RSA, as_dict=True)]}).encode(),
    "a number that is no text": b'{"keys": [{"kty": "EC", "crv": "P-256", "x": 1, "y": 2, "d": 3}]}',
}


@pytest.mark.parametrize("content", CORRUPT.values(), ids=CORRUPT)
def test_a_key_file_that_cannot_be_read_stops_the_start_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=r"key file signing_keys\.json in the instance folder cannot be read"):
        ring(tmp_path)
    assert path.read_bytes() == content


def test_the_refusal_of_a_key_file_shows_nothing_of_it(tmp_path: Path) -> None:
    ring(tmp_path)
    path = tmp_path / KEY_FILE
    secret = json.loads(path.read_text())["keys"][0]["d"]
    path.write_text(path.read_text().replace('"y"', '"z"'))
    with pytest.raises(ConfigurationError) as refusal:
        ring(tmp_path)
    assert secret not in str(refusal.value)


def test_a_key_file_that_others_can_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ring(tmp_path)
    assert not caplog.records
    (tmp_path / KEY_FILE).chmod(0o640)
    ring(tmp_path)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


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


def test_a_secret_of_32_bytes_will_do(tmp_path: Path) -> None:
    assert ring(tmp_path, JWT_SECRET_KEY="é" * 16).signing_key.private_key == "é".encode() * 16


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
