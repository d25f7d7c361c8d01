"""Key rings in a folder of their own, and keys that took long to make."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from flask_renewal.identity.tokens.keys import KeyRing
from flask_renewal.settings import Settings

SECRET = "a secret of thirty-two characters or more"
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def ring(folder: Path, **config: Any) -> KeyRing:
    return KeyRing.open(Settings.from_config(config), folder)
