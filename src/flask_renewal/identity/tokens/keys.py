"""The key ring: the first key signs, every key verifies.

A ring comes from `JWT_SECRET_KEY`, from `JWT_PRIVATE_KEY`, or from a file in the instance folder that the first
process to start makes. The file is a JSON Web Key Set (RFC 7517 §5) with its private members.
"""

import hashlib
import json
import logging
import os
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import Algorithm

from ...ground.errors import ConfigurationError
from ...settings import Settings
from ...settings.published import PUBLISHED_KEYS

KEY_FILE = "signing_keys.json"
SMALLEST_RSA_BITS = 2048
"""RFC 7518 §3.3."""

_log = logging.getLogger("flask_renewal")

_THUMBPRINT_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SigningKey:
    """One key of the ring; `public_jwk` is ``None`` for a shared secret, which has nothing to publish."""

    kid: str
    algorithm: str
    private_key: Any
    public_key: Any
    public_jwk: Mapping[str, str] | None
    refresh_secret: bytes
    """Keys the MAC of refresh tokens; derived, so the two kinds of token never share a key (RFC 8725 §3.12)."""
    created_at: int | None = None
    """Unix time, where it is known."""


class KeyRing:
    """The keys of one application, newest first."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self.by_kid: Mapping[str, SigningKey] = {key.kid: key for key in keys}
        self.signing_key = keys[0]

    def __iter__(self) -> Any:
        return iter(self.by_kid.values())

    def find(self, kid: object) -> SigningKey | None:
        """Return the key with exactly this id; a `kid` is a dictionary key and nothing else."""
        return self.by_kid.get(kid) if isinstance(kid, str) else None

    def jwks(self) -> dict[str, list[Mapping[str, str]]]:
        """Return the public keys as a JSON Web Key Set (RFC 7517 §5)."""
        return {"keys": [key.public_jwk for key in self if key.public_jwk is not None]}

    @classmethod
    def open(cls, settings: Settings, folder: Path) -> "KeyRing":
        """Return the ring that the settings ask for; make the key file in `folder` if it is needed and missing.

        Raises `ConfigurationError` where a key and its algorithm do not go together, or the file can be neither made
        nor read.
        """
        if settings.secret_key is not None:
            return cls([_shared_key(settings.secret_key, settings.algorithm or "HS256")])
        if settings.private_key is not None:
            return cls([_private_key(settings.private_key, settings.algorithm or "ES256")])
        if settings.algorithm not in (None, "ES256"):
            raise ConfigurationError(
                f"JWT_ALGORITHM = {settings.algorithm!r} has no key; set JWT_SECRET_KEY or JWT_PRIVATE_KEY to one that"
                " goes with it, or leave JWT_ALGORITHM unset to sign ES256 with the key file."
            )
        try:
            return cls(_read(_ensure_file(folder)))
        except OSError as error:
            raise ConfigurationError(
                f"The signing key cannot be kept in the instance folder {folder} ({error.strerror}); let this user"
                " write there, or set JWT_PRIVATE_KEY."
            ) from None


def _shared_key(secret: bytes, algorithm: str) -> SigningKey:
    if not algorithm.startswith("HS"):
        raise ConfigurationError(
            f"JWT_ALGORITHM = {algorithm!r} does not go with JWT_SECRET_KEY; set it to HS256, or use JWT_PRIVATE_KEY."
        )
    bits = int(algorithm[2:])
    if len(secret) * 8 < bits:
        raise ConfigurationError(
            f"JWT_SECRET_KEY ({len(secret)} bytes) is too short for JWT_ALGORITHM = {algorithm!r}; set it to at least"
            f" {bits // 8} random bytes (RFC 7518 §3.2)."
        )
    return SigningKey(
        kid=_encode(_derive(secret, "key id"))[:16],
        algorithm=algorithm,
        private_key=secret,
        public_key=secret,
        public_jwk=None,
        refresh_secret=_derive(secret, "refresh token"),
    )


def _private_key(pem: str, algorithm: str) -> SigningKey:
    try:
        handler = jwt.get_algorithm_by_name(algorithm)
        return _from_jwk(handler.to_jwk(handler.prepare_key(pem), as_dict=True), algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, NotImplementedError) as error:
        raise ConfigurationError(
            f"JWT_PRIVATE_KEY cannot be used with JWT_ALGORITHM = {algorithm!r}; give an unencrypted private key in PEM"
            " of the kind and size that the algorithm asks for."
        ) from error


def _from_jwk(private_jwk: Mapping[str, Any], algorithm: str) -> SigningKey:
    handler: Algorithm = jwt.get_algorithm_by_name(algorithm)
    required = {member: private_jwk[member] for member in _THUMBPRINT_MEMBERS[private_jwk["kty"]]}
    kid = thumbprint(required)
    if kid in PUBLISHED_KEYS:
        raise ConfigurationError(
            "The signing key is a published example, so anybody can make tokens; generate one of your own, or remove it"
            " to sign with a key file that is made for you."
        )
    refresh_secret = _derive(_decode(private_jwk["d"]), "refresh token")
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


def thumbprint(required_members: Mapping[str, str]) -> str:
    """Return the SHA-256 thumbprint of a key's required members (RFC 7638 §3)."""
    canonical = json.dumps(required_members, sort_keys=True, separators=(",", ":"))
    return _encode(hashlib.sha256(canonical.encode()).digest())


def _derive(secret: bytes, purpose: str) -> bytes:
    info = f"flask-renewal {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)


def _ensure_file(folder: Path) -> Path:
    """Make the key file unless it is there; of several processes that start at once, one makes it for all.

    The file is written in full under another name and then linked: a link is made or refused as a whole, so nobody
    reads half a key and nobody overwrites one.
    """
    path = folder / KEY_FILE
    if path.exists():
        return path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump({"keys": [_new_jwk()]}, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        _log.debug("another process made the signing key first")
    finally:
        os.unlink(temporary)
    return path


def _new_jwk() -> dict[str, Any]:
    key = ec.generate_private_key(ec.SECP256R1())
    return dict(jwt.get_algorithm_by_name("ES256").to_jwk(key, as_dict=True))


def _read(path: Path) -> list[SigningKey]:
    try:
        keys = [_from_jwk(entry, "ES256") for entry in json.loads(path.read_bytes())["keys"]]
        if not keys:
            raise ValueError("no key in it")
    except (OSError, jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(
            f"The key file {path.name} in the instance folder cannot be read ({error}); restore it, or remove it to"
            " make a new key, which signs everybody out."
        ) from error
    if path.stat().st_mode & 0o077:
        _log.warning("others can read the key file %s; run chmod 600 on it", path.name)
    return keys


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
