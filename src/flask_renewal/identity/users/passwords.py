"""Passwords: hashed with Argon2id, verified at one price whether or not the user exists."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from werkzeug.security import check_password_hash

from ...ground.errors import InvalidRequestError, WeakPasswordError
from ...ground.extras import load
from .common_passwords import COMMON_PASSWORDS
from .hashing import Hashing

if TYPE_CHECKING:
    from .argon2id import Argon2id

SHORTEST_CHARACTERS = 12
TOO_SHORT = f"The password needs at least {SHORTEST_CHARACTERS} characters."
IS_THE_NAME = "The password must not be the user name."
TOO_COMMON = "This password is one of the first that anybody would try."
LONGEST_BYTES = 1024
"""Once normalised."""
MOST_KINDS = 4
"""Of hashes that a wrong password is tried on."""

_LONGEST_AS_SENT = LONGEST_BYTES * 3 // 2
"""Characters: of three that make one of two bytes (U+03B0), there may be as many; no others make less of more."""


VerifyForeign = Callable[[str, str], bool | None]
"""Says whether a stored hash is that of a password as it was sent; ``None``: the hash is not one of the host's."""

_BCRYPT = re.compile(r"\$2[abxy]?\$\d\d\Z")


def all_are_ours(password_hash: str, password: str) -> None:
    """Verify nothing: what a host says that has no hashes of its own."""


class Passwords:
    """Hashes and verifies passwords, NFC-normalised and otherwise taken as sent."""

    def __init__(
        self, *, verify_foreign: VerifyForeign = all_are_ours, rehash: bool = True, hashing: Hashing | None = None
    ) -> None:
        """Ask `verify_foreign` before a hash is taken for one of ours; `rehash` says whether an old one is replaced.

        Raises `ConfigurationError` where argon2-cffi is missing.
        """
        self._verify_foreign = verify_foreign
        self._rehash = rehash
        ours = load(f"{__package__}.argon2id", extra="passwords", what="Keeping the passwords of users")
        self._argon2id: Argon2id = ours.Argon2id()
        self._hashing = hashing or Hashing()
        self._kinds = {_kind(self._argon2id.nobody): self._argon2id.nobody}

    def place(self, source: str | None = None) -> AbstractContextManager[None]:
        """Hold a place in the line of those who prove or set a password; raises `TooManyRequestsError` in a flood."""
        return self._hashing.place(source)

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        return self._hashing.compute(partial(self._argon2id.hash, normalised(password)))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Say whether the password is the one; to say no takes the same time whatever the hash is, and without one.

        An imported hash takes another time than ours. So before a no the password is tried on a hash of each kind that
        this process has met; what comes of that is of no interest.
        """
        known = None if password_hash is None else self._verify(password_hash, password)
        tried = None if password_hash is None or known is None else self._note_kind(password_hash)
        if known:
            return True
        for kind, example in tuple(self._kinds.items()):
            if kind != tried:
                self._verify(example, password)
        return False

    def _note_kind(self, password_hash: str) -> str:
        kind = _kind(password_hash)
        if len(self._kinds) < MOST_KINDS:
            self._kinds.setdefault(kind, password_hash)
        return kind

    def needs_rehash(self, password_hash: str) -> bool:
        """Say whether the hash was made with other parameters than today's, and is to be made anew."""
        return self._rehash and self._argon2id.needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool | None:
        """Say whether the password is the one; ``None`` at once for what is no hash."""
        foreign = self._hashing.compute_here(partial(self._verify_foreign, password_hash, password))
        if foreign is not None:
            return bool(foreign)
        is_werkzeugs = password_hash.startswith(("scrypt:", "pbkdf2:"))
        check = _check_werkzeugs if is_werkzeugs else self._argon2id.verify
        return self._hashing.compute(partial(check, password_hash, normalised(password)))


def _check_werkzeugs(password_hash: str, password: str) -> bool | None:
    try:
        return check_password_hash(password_hash, password)
    except ValueError:
        return None


def _kind(password_hash: str) -> str:
    """Return what is before salt and hash: how it was made, on which the time hangs that it takes.

    Between the two is a `$`, but not in bcrypt's; a bare digest is told by its length.
    """
    before, dollar, last = password_hash.rpartition("$")
    if not dollar:
        return f"{len(last)} characters"
    return before if _BCRYPT.search(before) else before.rpartition("$")[0] or before


def check_size(password: str, *, field: str) -> None:
    """Refuse a password that cannot have been set: empty, or longer than 1,024 bytes (`InvalidRequestError`)."""
    if not password:
        raise InvalidRequestError(f"{field} must not be empty.", field=field)
    if len(password) > _LONGEST_AS_SENT or len(normalised(password).encode()) > LONGEST_BYTES:
        raise InvalidRequestError(f"{field} has more than {LONGEST_BYTES} bytes.", field=field)


def check_strength(password: str, *, username: str) -> None:
    """Refuse a new password that is too short, the user's name, or one of the commonest (`WeakPasswordError`).

    There are no rules of composition: length is what counts (NIST SP 800-63B §5.1.1.2).
    """
    if len(normalised(password)) < SHORTEST_CHARACTERS:
        raise WeakPasswordError(TOO_SHORT)
    folded = normalised(password).casefold()
    if folded == normalised(username).casefold():
        raise WeakPasswordError(IS_THE_NAME)
    if folded in COMMON_PASSWORDS or len(set(folded)) < 3:
        raise WeakPasswordError(TOO_COMMON)


def normalised(password: str) -> str:
    """Return the form in which a password is hashed: however a keyboard composes its letters (Unicode's NFC)."""
    return unicodedata.normalize("NFC", password)
