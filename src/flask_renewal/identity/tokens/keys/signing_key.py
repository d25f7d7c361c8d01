"""One signing key: made, read in PEM, as a JSON Web Key or as a shared secret; what of it is published."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import Algorithm

from ....ground.errors import ConfigurationError
from ....settings.published import PUBLISHED_KEYS

SMALLEST_RSA_BITS = 2048
"""RFC 7518 §3.3."""
RSA_BITS = 3072
"""Of the keys that are made here: as strong as P-256 (NIST SP 800-57 part 1, table 2)."""

PUBLIC_ALGORITHMS = frozenset(
    {"ES256", "ES384", "ES512", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
)
"""Those whose keys can be published."""

_THUMBPRINT_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}
_OF_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SigningKey:
    """One key of the ring; `public_jwk` is ``None`` for a shared secret, which has nothing to publish."""

    kid: str
    algorithm: str
    private_key: Any
    public_key: Any
    public_jwk: Mapping[str, str] | None
    refresh_secret: bytes
    """Keys the MAC of refresh tokens where the ring has no secret for that: derived, so the two kinds of token never
    share a key (RFC 8725 §3.12)."""
    created_at: int | None = None
    """Unix time, where it is known."""


def _rsa() -> Any:
    return rsa.generate_private_key(65537, RSA_BITS)


MAKERS: Mapping[str, Callable[[], Any]] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "RS256": _rsa,
    "PS256": _rsa,
}
"""How to make a key for an algorithm."""


def new_jwk(algorithm: str, *, now: int) -> dict[str, Any]:
    """Return a new private key as a JSON Web Key, made at `now` (Unix time)."""
    members = jwt.get_algorithm_by_name(algorithm).to_jwk(MAKERS[algorithm](), as_dict=True)
    return {**members, "alg": algorithm, "use": "sig", "iat": now}


def from_jwk(private_jwk: Mapping[str, Any], algorithm: str) -> SigningKey:
    """Read a private key; raises `ConfigurationError` for a published one, `ValueError` or what PyJWT does for none."""
    if algorithm not in PUBLIC_ALGORITHMS:
        raise ValueError("the algorithm is none that keys are published for")
    handler: Algorithm = jwt.get_algorithm_by_name(algorithm)
    required = {member: private_jwk[member] for member in _THUMBPRINT_MEMBERS[private_jwk["kty"]]}
    kid = thumbprint(required)
    if kid in PUBLISHED_KEYS:
        raise ConfigurationError(
            "The signing key is a published example, so anybody can make tokens; generate one of your own, or remove it"
            " to sign with a key file that is made for you."
        )
    refresh_secret = derive(decode(private_jwk["d"]), "refresh token")
    private_key: Any = handler.prepare_key(handler.from_jwk(dict(private_jwk)))
    if isinstance(private_key, rsa.RSAPrivateKey) and private_key.key_size < SMALLEST_RSA_BITS:
        raise ValueError(f"fewer than {SMALLEST_RSA_BITS} bits")
    return SigningKey(
        kid=kid,
        algorithm=algorithm,
        private_key=private_key,
        public_key=private_key.public_key(),
        public_jwk={**required, "kid": kid, "alg": algorithm, "use": "sig"},
        refresh_secret=refresh_secret,
        created_at=private_jwk.get("iat"),
    )


def from_pem(pem: str, algorithm: str) -> SigningKey:
    """Read an unencrypted private key; raises `ValueError`, with nothing of the key in it, for any other."""
    try:
        handler = jwt.get_algorithm_by_name(algorithm)
        return from_jwk(handler.to_jwk(handler.prepare_key(pem), as_dict=True), algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, NotImplementedError):
        raise ValueError(f"no unencrypted private key in PEM that goes with {algorithm}") from None


def algorithm_of(pem: str) -> str:
    """Return the algorithm that a private key goes with by its kind; raises `ValueError` as `from_pem`."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise ValueError("no unencrypted private key in PEM") from None
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _OF_CURVE.get(key.curve.name, "ES256")
    return "EdDSA" if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else "RS256"


def shared(secret: bytes, algorithm: str) -> SigningKey:
    """Return a secret as a key that signs and verifies."""
    return SigningKey(
        kid=encode(derive(secret, "key id"))[:16],
        algorithm=algorithm,
        private_key=secret,
        public_key=secret,
        public_jwk=None,
        refresh_secret=derive(secret, "refresh token"),
    )


def thumbprint(required_members: Mapping[str, str]) -> str:
    """Return the SHA-256 thumbprint of a key's required members (RFC 7638 §3)."""
    canonical = json.dumps(required_members, sort_keys=True, separators=(",", ":"))
    return encode(hashlib.sha256(canonical.encode()).digest())


def derive(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes that tell nothing of the secret, nor of those for another purpose (RFC 5869)."""
    info = f"flask-renewal {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)


def encode(data: bytes) -> str:
    """Write bytes as JSON Web Keys do (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read what `encode` has written."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
