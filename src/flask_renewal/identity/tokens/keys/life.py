"""The life of a key in the key file: published, then signing, then verifying what it signed, then retired.

The content of the file comes in and goes out; nothing here reads or writes one. It is a JSON Web Key Set (RFC 7517 §5)
with its private members: the first key signs. ``iat`` says when a key was made, ``signed_until`` when it ceased to
sign, both in Unix seconds.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....ground.errors import SigningKeyError
from .signing_key import encode, from_jwk, new_jwk

DEFAULT_ALGORITHM = "ES256"
PUBLISHED_AHEAD_SECONDS = 300
"""How long others may keep the published keys: a key signs when all of them can know it."""

Jwk = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Content:
    """What is in the key file."""

    keys: Sequence[Jwk]
    refresh: Sequence[Mapping[str, str]]
    """Secrets of the MAC of refresh tokens with their ids."""

    @classmethod
    def of(cls, members: Any) -> "Content":
        """Read a file's JSON; raises `ValueError`, `TypeError` or `KeyError` where it is something else.

        A file without secrets for refresh tokens gets those that its keys stood for before they had their own.
        """
        keys = [dict(jwk) for jwk in members["keys"]]
        if not keys:
            raise ValueError("no key in it")
        refresh = members.get("refresh") or [
            {"id": key.kid, "secret": encode(key.refresh_secret)}
            for key in (from_jwk(jwk, algorithm_of(jwk)) for jwk in keys)
        ]
        return cls(keys=keys, refresh=[{"id": one["id"], "secret": one["secret"]} for one in refresh])

    def members(self) -> dict[str, Any]:
        """Return the file's JSON."""
        return {"keys": list(self.keys), "refresh": list(self.refresh)}


def algorithm_of(jwk: Jwk) -> str:
    """Return the algorithm of a key of the file."""
    return str(jwk.get("alg", DEFAULT_ALGORITHM))


def kid_of(jwk: Jwk) -> str:
    """Return the id of a key of the file."""
    return from_jwk(jwk, algorithm_of(jwk)).kid


def begun(*, now: int) -> Content:
    """Return the content of a new file: a key, and a secret for refresh tokens that outlives every key."""
    secret = {"id": encode(secrets.token_bytes(6)), "secret": encode(secrets.token_bytes(32))}
    return Content(keys=[new_jwk(DEFAULT_ALGORITHM, now=now)], refresh=[secret])


def generated(content: Content, algorithm: str, *, now: int) -> Content:
    """Publish a new key, which does not sign yet."""
    return Content(keys=[*content.keys, new_jwk(algorithm, now=now)], refresh=content.refresh)


def rotated(content: Content, *, now: int, at_once: bool = False) -> Content:
    """Let the newest published key sign.

    Raises `SigningKeyError` where there is none that has not signed yet, or others may not know it yet and it
    must not be `at_once`.
    """
    signs, *others = content.keys
    waiting = [jwk for jwk in others if "signed_until" not in jwk]
    if not waiting:
        raise SigningKeyError("No key waits to sign; generate one first.")
    newest = max(waiting, key=lambda jwk: int(jwk.get("iat", 0)))
    wait = int(newest.get("iat", 0)) + PUBLISHED_AHEAD_SECONDS - now
    if wait > 0 and not at_once:
        raise SigningKeyError(f"Others may not know the new key yet; rotate in {wait} seconds, or with --now.")
    past = [{**signs, "signed_until": now}, *(jwk for jwk in others if jwk is not newest)]
    return Content(keys=[newest, *past], refresh=content.refresh)


def retired(content: Content, kid: str, *, now: int, token_life: int, at_once: bool = False) -> Content:
    """Let a key verify no more; what it has signed is refused from then on.

    Raises `SigningKeyError` for the key that signs, for one that is not there, and, unless it must be `at_once`, where
    an access token of it can still live for some of `token_life` seconds.
    """
    found = [jwk for jwk in content.keys if kid_of(jwk) == kid]
    if not found:
        raise SigningKeyError(f"There is no key {kid} in the key file.")
    if found[0] is content.keys[0]:
        raise SigningKeyError("This key signs; rotate first, then retire it.")
    wait = _over_at(found[0], token_life) - now
    if wait > 0 and not at_once:
        raise SigningKeyError(f"Access tokens of this key may live {wait} seconds more; wait, or retire it with --now.")
    return Content(keys=[jwk for jwk in content.keys if jwk is not found[0]], refresh=content.refresh)


def tended(content: Content, *, now: int, every: int, token_life: int) -> Content:
    """Do what is due where keys sign for `every` seconds: publish the next, let it sign, retire what is over."""
    due = int(content.keys[0].get("iat", 0)) + every
    waiting = [jwk for jwk in content.keys[1:] if "signed_until" not in jwk]
    if not waiting and now >= due - PUBLISHED_AHEAD_SECONDS:
        content = generated(content, algorithm_of(content.keys[0]), now=now)
    elif waiting and now >= max(due, *(int(jwk.get("iat", 0)) + PUBLISHED_AHEAD_SECONDS for jwk in waiting)):
        content = rotated(content, now=now)
    signs, *others = content.keys
    alive = [jwk for jwk in others if "signed_until" not in jwk or _over_at(jwk, token_life) > now]
    return Content(keys=[signs, *alive], refresh=content.refresh) if len(alive) < len(others) else content


def _over_at(jwk: Jwk, token_life: int) -> int:
    """Return when the last access token of a key is over; long ago for one that never signed."""
    return int(jwk["signed_until"]) + token_life if "signed_until" in jwk else 0
