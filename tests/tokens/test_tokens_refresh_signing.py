"""Refresh tokens by themselves: what is signed, with which key, and how long they may be."""

import hashlib
import hmac
from pathlib import Path

import pytest
from forging import encode
from key_rings import SECRET, ring

from flask_renewal.ground.errors import RefreshTokenInvalidError
from flask_renewal.identity.tokens.keys.ring import KeyRing
from flask_renewal.identity.tokens.refresh import LONGEST_TOKEN, RefreshToken, RefreshTokens, device_hash


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return ring(tmp_path, JWT_SECRET_KEY=SECRET)


@pytest.fixture
def tokens(keys: KeyRing) -> RefreshTokens:
    return RefreshTokens(keys)


def test_the_mac_is_keyed_with_the_secret_of_the_ring_over_all_that_is_before_it(
    keys: KeyRing, tokens: RefreshTokens
) -> None:
    key = keys.signing_key
    content = f"sid.tid.{key.kid}.device"
    mac = hmac.new(key.refresh_secret, content.encode(), hashlib.sha256).digest()
    assert tokens.issue(session_id="sid", token_id="tid", device="device") == f"{content}.{encode(mac)}"


def test_a_token_that_is_out_stays_good_with_a_newer_version_of_ours(tokens: RefreshTokens) -> None:
    assert tokens.read("sid.tid.VVXMprS3Kdl9lHYI..a2rdDdUgoz_MoWFoDqiTbmtqzg9kRXkcoT7pYkZNYTM") == RefreshToken(
        session_id="sid", id="tid", device=""
    )


def test_so_does_one_that_a_secret_of_its_own_has_signed(tmp_path: Path) -> None:
    tokens = RefreshTokens(ring(tmp_path, JWT_SECRET_KEY=SECRET, RENEWAL_REFRESH_SECRET=SECRET))
    assert tokens.read("sid.tid.EjDxKzHZ..wuYGIJPFTE6-AZOl7KChLWqQFO0m1jvNLxBWanmFWrk").id == "tid"


@pytest.mark.parametrize("beyond", [0, 1], ids=["as long as may be", "a byte longer"])
def test_a_signed_token_is_read_up_to_its_greatest_length(tokens: RefreshTokens, beyond: int) -> None:
    others = len(tokens.issue(session_id="sid", token_id="tid", device=""))
    token = tokens.issue(session_id="sid", token_id="tid", device="d" * (LONGEST_TOKEN - others + beyond))
    assert len(token) == 8192 + beyond
    assert (tokens.find(token) is None) is bool(beyond)


def test_a_device_is_told_by_half_a_hash_of_its_id() -> None:
    assert device_hash("phone") == encode(hashlib.sha256(b"phone").digest()[:16])
    assert device_hash("") == device_hash(None) == ""


def test_a_token_with_letters_beyond_ascii_is_none(tokens: RefreshTokens) -> None:
    with pytest.raises(RefreshTokenInvalidError):
        tokens.read(tokens.issue(session_id="sïd", token_id="tid", device=""))
