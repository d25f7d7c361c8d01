"""One signing key: how it is made, what it is called, and that it keeps its secret to itself."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from key_rings import ED25519, P256, P384, RSA, SECRET, pem, ring

from flask_renewal.identity.tokens.keys.signing_key import MAKERS, algorithm_of, derive, from_jwk, new_jwk, thumbprint


@pytest.mark.parametrize("algorithm", MAKERS)
def test_a_new_key_is_one_for_its_algorithm_and_brings_its_date(algorithm: str) -> None:
    key = from_jwk(new_jwk(algorithm, now=1_800_000_000), algorithm)
    assert (key.algorithm, key.created_at) == (algorithm, 1_800_000_000)
    assert key.public_jwk is not None
    assert key.public_jwk["alg"] == algorithm
    if isinstance(key.private_key, rsa.RSAPrivateKey):
        assert key.private_key.key_size == 3072


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(P256, "ES256"), (P384, "ES384"), (RSA, "RS256"), (ED25519, "EdDSA")],
    ids=lambda value: value,
)
def test_a_key_in_pem_goes_with_the_algorithm_of_its_kind(key: object, algorithm: str) -> None:
    assert algorithm_of(pem(key)) == algorithm


def test_what_is_derived_for_one_purpose_tells_nothing_of_another() -> None:
    assert derive(b"secret", "one") != derive(b"secret", "other")
    assert len(derive(b"secret", "one")) == 32


def test_the_thumbprint_of_the_standards_example() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn"
        "1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    assert thumbprint({"kty": "RSA", "n": modulus, "e": "AQAB"}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_key_does_not_show_itself(tmp_path: Path) -> None:
    key = ring(tmp_path, JWT_SECRET_KEY=SECRET).signing_key
    assert SECRET not in repr(key)
