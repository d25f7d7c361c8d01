"""Argon2id, at OWASP's price: 19 MiB, 2 passes, 1 lane (Password Storage Cheat Sheet). The library is an extra."""

from base64 import b64encode

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError


class Argon2id:
    """Makes and compares hashes; the passwords are normalised already."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
        hasher = self._hasher
        self._parameters = f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}$"
        self.nobody = f"{self._parameters}{_encoded(hasher.salt_len)}${_encoded(hasher.hash_len)}"
        """What looks like a hash, so that to try a password on it takes as long; it is none of any."""

    def hash(self, password: str) -> str:
        """Return the hash to store, with a salt of its own."""
        return self._hasher.hash(password)

    def verify(self, password_hash: str, password: str) -> bool | None:
        """Say whether the password is the one; ``None`` at once for what is no hash."""
        try:
            return self._hasher.verify(password_hash, password)
        except VerifyMismatchError:
            return False
        except (VerificationError, ValueError):
            return None

    def needs_rehash(self, password_hash: str) -> bool:
        """Say whether the hash was made with other parameters than today's."""
        if len(password_hash) == len(self.nobody) and password_hash.startswith(self._parameters):
            return False  # as nearly always; to take the hash apart would take the longer
        try:
            return self._hasher.check_needs_rehash(password_hash)
        except InvalidHashError:
            return True


def _encoded(length: int) -> str:
    return b64encode(bytes(length)).rstrip(b"=").decode()
