"""The key ring of one process: the first key signs, every key verifies, and it follows where it came from."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ....ground.errors import ConfigurationError, StoreUnavailableError
from ....ground.per_process import PerProcess, new_lock
from .signing_key import SigningKey

LOOKS_EVERY_SECONDS = 2.0
"""How often a process looks whether its keys have changed: a status of a file, some 2 µs."""

_log = logging.getLogger("flask_renewal")


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Keys:
    """What a ring holds at one time."""

    signing: Sequence[SigningKey]
    """The first signs."""
    refresh: Mapping[str, bytes]
    """Secrets of the MAC of refresh tokens, by their ids; the first is for new ones."""


class Source(Protocol):
    """Where the keys of a ring come from."""

    def version(self) -> object:
        """Return what is another when the keys may have changed."""

    def load(self) -> Keys:
        """Return the keys; raises `ConfigurationError` where they cannot be used."""

    def tend(self) -> None:
        """Do what is due to the keys by their age, if anything ever is; raises as `load`."""
        return

    def misses(self) -> bool:
        """Say whether to look again, now, for a key that is not known; no, where all that is there is known."""
        return False


class KeyRing:
    """The keys of one application, those of now: processes follow a change within 5 seconds.

    Whoever reads a key looks, every now and then, whether there are others; what cannot be read is logged once, and the
    keys that are known stay in force.
    """

    def __init__(self, source: Source, *, refresh: Mapping[str, bytes]) -> None:
        """Read the keys; `refresh` are secrets of refresh tokens that come before those of the source.

        Raises `ConfigurationError` where the keys cannot be used.
        """
        self.source = source
        self._given = refresh
        self._looks_at = 0.0
        self._looking = PerProcess(new_lock)
        self._is_broken = False
        self._version = source.version()  # before the keys: what changes in between is found at the next look
        self._keep(source.load())

    @property
    def by_kid(self) -> Mapping[str, SigningKey]:
        """The keys by their ids, the one that signs first."""
        if time.monotonic() >= self._looks_at:
            self.follow()
        return self._by_kid

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs."""
        return next(iter(self.by_kid.values()))

    @property
    def refresh_secrets(self) -> Mapping[str, bytes]:
        """The secrets of the MAC of refresh tokens, by their ids; the first is for new ones."""
        if time.monotonic() >= self._looks_at:
            self.follow()
        return self._refresh

    def __iter__(self) -> Iterator[SigningKey]:
        return iter(self.by_kid.values())

    def find(self, kid: object) -> SigningKey | None:
        """Return the key with exactly this id; a `kid` is a dictionary key and nothing else.

        Raises `StoreUnavailableError` as long as no key is known at all, whose source is away.
        """
        if not isinstance(kid, str):
            return None
        key = self.by_kid.get(kid)
        if key is None and self.source.misses():
            self.follow()
            key = self._by_kid.get(kid)
        if not self._by_kid:
            raise StoreUnavailableError
        return key

    def jwks(self) -> dict[str, list[Mapping[str, str]]]:
        """Return the public keys as a JSON Web Key Set (RFC 7517 §5)."""
        return {"keys": [key.public_jwk for key in self if key.public_jwk is not None]}

    def follow(self) -> None:
        """Read the keys anew if they have changed; one request does, the others go on with what is known."""
        looking = self._looking()
        if not looking.acquire(blocking=False):
            return
        try:
            self._looks_at = time.monotonic() + LOOKS_EVERY_SECONDS
            self._read_changed()
        finally:
            looking.release()

    def _read_changed(self) -> None:
        try:
            self.source.tend()
            version = self.source.version()
            if version != self._version:
                self._keep(self.source.load())
                self._version = version
            self._is_broken = False
        except (ConfigurationError, OSError) as error:
            if not self._is_broken:
                _log.error("the signing keys cannot be read anew, those that are known stay in force: %s", error)
            self._is_broken = True

    def _keep(self, keys: Keys) -> None:
        self._by_kid = {key.kid: key for key in keys.signing}
        self._refresh = {**self._given, **keys.refresh}
