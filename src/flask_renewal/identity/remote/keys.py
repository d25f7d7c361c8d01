"""The public keys of another application as a source of a ring that only verifies."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from ...ground.errors import StoreUnavailableError
from ..tokens.keys.life import PUBLISHED_AHEAD_SECONDS
from ..tokens.keys.ring import Keys, Source
from ..tokens.keys.signing_key import PUBLIC_ALGORITHMS, SigningKey
from .issuer import Issuer

ASKS_AGAIN_SECONDS = 10.0
"""Not sooner than that the issuer is asked again: for a key that is not known, or because it was away."""


class PublishedKeys(Source):
    """The keys that an issuer publishes; none before it was reached for the first time."""

    def __init__(self, issuer: Issuer, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Ask `issuer`, in intervals by the clock `monotonic`."""
        self._issuer = issuer
        self._monotonic = monotonic
        self._keys = Keys(signing=(), refresh={})
        self._version = 0
        self._asked_at = float("-inf")
        self._is_wanted = True

    def version(self) -> object:
        """Ask the issuer where what is known may be old; return what is another when its keys have changed."""
        if self._is_due():
            self._ask()
        return self._version

    def load(self) -> Keys:
        """Return the keys as they are known."""
        return self._keys

    def misses(self) -> bool:
        """Say whether to look again for a key that is not known."""
        self._is_wanted = True
        return self._is_due()

    def _is_due(self) -> bool:
        old = ASKS_AGAIN_SECONDS if self._is_wanted else PUBLISHED_AHEAD_SECONDS
        return self._monotonic() - self._asked_at >= old

    def _ask(self) -> None:
        self._asked_at = self._monotonic()
        try:
            told = self._issuer.changed_keys()
        except StoreUnavailableError:  # told where it was met
            self._is_wanted = True
            return
        self._is_wanted = False
        if told is not None:
            self._keys = Keys(signing=[key for key in map(_public, told) if key is not None], refresh={})
            self._version += 1


def _public(jwk: Mapping[str, Any]) -> SigningKey | None:
    """Return a key that verifies; ``None`` for one that no access token is signed with."""
    algorithm = jwk.get("alg")
    if algorithm not in PUBLIC_ALGORITHMS or not isinstance(jwk.get("kid"), str):
        return None
    handler: Any = jwt.get_algorithm_by_name(algorithm)
    try:
        public_key = handler.prepare_key(handler.from_jwk(dict(jwk)))
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    return SigningKey(
        kid=jwk["kid"],
        algorithm=algorithm,
        private_key=None,
        public_key=public_key,
        public_jwk=jwk,
        refresh_secret=b"",
    )
