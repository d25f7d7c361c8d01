"""The keys that an issuer publishes: which of them verify, and when they are asked for again."""

from collections.abc import Callable, Mapping
from typing import Any

import jwt
from key_rings import ED25519, P256, RSA

from flask_renewal.ground.errors import StoreUnavailableError
from flask_renewal.identity.remote.keys import PublishedKeys


def published(key: Any, algorithm: str, **more: Any) -> dict[str, Any]:
    members = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**members, "kid": algorithm, "alg": algorithm, **more}


class Told:
    """An issuer that tells what a test gives it; ``None`` where it is away."""

    def __init__(self, *keys: Any) -> None:
        self.keys: tuple[Any, ...] | None = keys
        self.times = 0
        self.same = False

    def changed_keys(self) -> list[Mapping[str, Any]] | None:
        self.times += 1
        if self.keys is None:
            raise StoreUnavailableError
        return None if self.same else list(self.keys)


def source_of(told: Told, now: Callable[[], float] = lambda: 0.0) -> PublishedKeys:
    return PublishedKeys(told, monotonic=now)  # type: ignore[arg-type]


def test_every_sound_public_key_verifies_and_nothing_else_does() -> None:
    sound = [published(P256, "ES256"), published(RSA, "RS256"), published(ED25519, "EdDSA")]
    shared = {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "alg": "HS256"}
    odd = [{}, {**sound[0], "x": "AAAA"}, {**sound[0], "kid": None}, {**sound[0], "alg": "none"}, {"alg": "ES256"}]
    source = source_of(Told(shared, *sound, *odd))
    source.version()
    assert [key.kid for key in source.load().signing] == ["ES256", "RS256", "EdDSA"]
    assert not any(key.private_key for key in source.load().signing)


def test_keys_are_asked_for_every_five_minutes_and_for_a_missing_one_after_ten_seconds() -> None:
    now = 1000.0
    told = Told(published(P256, "ES256"))
    source = source_of(told, lambda: now)
    asked = []
    for now in (1000, 1009, 1299, 1300, 1301):  # noqa: B007 - what the clock says
        source.version()
        asked.append(told.times)
    assert asked == [1, 1, 1, 2, 2]
    now = 1309
    assert source.misses() is False
    now = 1310
    assert source.misses() is True
    source.version()
    assert (told.times, source.misses()) == (3, False)


def test_keys_that_are_still_the_same_stay_known() -> None:
    now = 1000.0
    told = Told(published(P256, "ES256"))
    source = source_of(told, lambda: now)
    version, told.same, now = source.version(), True, 1300.0
    assert (source.version(), told.times) == (version, 2)
    assert [key.kid for key in source.load().signing] == ["ES256"]


def test_an_issuer_that_is_away_takes_no_key_away_and_is_asked_again_after_ten_seconds() -> None:
    now = 1000.0
    told = Told(published(P256, "ES256"))
    source = source_of(told, lambda: now)
    source.version()
    told.keys = None
    for now in (1300, 1309, 1310):  # noqa: B007 - what the clock says
        source.version()
    assert told.times == 3
    assert [key.kid for key in source.load().signing] == ["ES256"]
