"""Key rings in a folder of their own, and keys that took long to make."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from flask_renewal.identity.tokens.keys.ring import KeyRing
from flask_renewal.identity.tokens.keys.sources import open_ring
from flask_renewal.settings import Settings

SECRET = "a secret of thirty-two characters or more"
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def ring(folder: Path, *, now: Callable[[], float] = time.time, **config: Any) -> KeyRing:
    return open_ring(Settings.from_config(config), folder, now=now)


def pem(key: Any, password: bytes | None = None) -> str:
    encryption = NoEncryption() if password is None else BestAvailableEncryption(password)
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode())
