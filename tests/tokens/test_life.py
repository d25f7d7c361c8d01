"""The life of a key: published, signing, verifying what it signed, retired; and which steps are refused."""

import pytest

from flask_renewal.ground.errors import SigningKeyError
from flask_renewal.identity.tokens.keys import life
from flask_renewal.identity.tokens.keys.life import Content, begun, generated, kid_of, retired, rotated, tended
from flask_renewal.identity.tokens.keys.signing_key import MAKERS, decode, from_jwk

NOON = 1_800_000_000
LIFE = 900
"""Of an access token, in seconds."""
DAY = 86_400


@pytest.fixture
def content() -> Content:
    return begun(now=NOON)


def kids(content: Content) -> list[str]:
    return [kid_of(jwk) for jwk in content.keys]


def test_a_new_file_has_a_key_and_a_secret_of_its_own_for_refresh_tokens(content: Content) -> None:
    assert [jwk["iat"] for jwk in content.keys] == [NOON]
    [secret] = content.refresh
    assert len(secret["secret"]) == 43
    assert secret["secret"] not in str(content.keys)
    assert begun(now=NOON).refresh != content.refresh


@pytest.mark.parametrize("algorithm", MAKERS)
def test_a_generated_key_is_published_and_does_not_sign(content: Content, algorithm: str) -> None:
    after = generated(content, algorithm, now=NOON + 5)
    assert after.keys[0] == content.keys[0]
    assert [(jwk["alg"], jwk["use"], jwk["iat"]) for jwk in after.keys[1:]] == [(algorithm, "sig", NOON + 5)]
    assert from_jwk(after.keys[1], algorithm).algorithm == algorithm


def test_the_newest_key_signs_once_all_can_know_it(content: Content) -> None:
    content = generated(generated(content, "ES256", now=NOON), "ES256", now=NOON + 10)
    first, middle, newest = kids(content)
    with pytest.raises(SigningKeyError, match=r"rotate in 1 seconds, or with --now"):
        rotated(content, now=NOON + 309)
    assert kids(rotated(content, now=NOON + 310)) == [newest, first, middle]
    assert kids(rotated(content, now=NOON + 10, at_once=True)) == [newest, first, middle]


def test_what_has_signed_does_not_wait_to_sign(content: Content) -> None:
    content = rotated(generated(content, "ES256", now=NOON), now=NOON + DAY)
    with pytest.raises(SigningKeyError, match="generate one first"):
        rotated(content, now=NOON + 2 * DAY)


def test_the_key_that_signs_cannot_be_retired(content: Content) -> None:
    with pytest.raises(SigningKeyError, match="rotate first"):
        retired(content, kids(content)[0], now=NOON + DAY, token_life=LIFE, at_once=True)


def test_a_key_that_is_not_there_cannot_be_retired(content: Content) -> None:
    with pytest.raises(SigningKeyError, match="There is no key nobody"):
        retired(content, "nobody", now=NOON, token_life=LIFE)


def test_a_key_is_retired_when_its_last_token_is_over(content: Content) -> None:
    old = kids(content)[0]
    content = rotated(generated(content, "ES256", now=NOON), now=NOON + DAY)
    with pytest.raises(SigningKeyError, match="may live 1 seconds more"):
        retired(content, old, now=NOON + DAY + LIFE - 1, token_life=LIFE)
    assert old not in kids(retired(content, old, now=NOON + DAY + LIFE, token_life=LIFE))
    assert old not in kids(retired(content, old, now=NOON + DAY, token_life=LIFE, at_once=True))


def test_a_key_that_never_signed_may_be_retired_at_any_time(content: Content) -> None:
    content = generated(content, "ES256", now=NOON)
    assert kids(retired(content, kids(content)[1], now=NOON, token_life=LIFE)) == kids(content)[:1]


def test_no_step_touches_the_secret_of_refresh_tokens(content: Content) -> None:
    after = generated(content, "ES256", now=NOON)
    after = rotated(after, now=NOON + DAY)
    after = retired(after, kids(content)[0], now=NOON + DAY, token_life=LIFE, at_once=True)
    assert after.refresh == content.refresh


def test_nothing_is_due_before_its_time(content: Content) -> None:
    early = NOON + DAY - life.PUBLISHED_AHEAD_SECONDS - 1
    assert tended(content, now=early, every=DAY, token_life=LIFE) is content


@pytest.mark.parametrize(("token_life", "most"), [(LIFE, 2), (DAY, 3)], ids=["short", "as long as keys sign"])
def test_keys_that_are_tended_follow_each_other_and_every_token_finds_its_key(
    content: Content, token_life: int, most: int
) -> None:
    signed: dict[str, int] = {}
    for now in range(NOON, NOON + 9 * DAY // 2, 60):
        published = kids(content)
        content = tended(content, now=now, every=DAY, token_life=token_life)
        assert kids(content)[0] in published  # for so long at least as others keep them
        assert {kid for kid, at in signed.items() if at + token_life > now} <= set(kids(content))
        signed[kids(content)[0]] = now
    assert len(signed) == 5
    assert len(content.keys) <= most


def test_a_key_is_known_to_all_before_it_signs(content: Content) -> None:
    content = tended(content, now=NOON + 3 * DAY, every=DAY, token_life=LIFE)  # nobody was there when it was due
    fresh = kids(content)[1]
    assert tended(content, now=NOON + 3 * DAY + 299, every=DAY, token_life=LIFE) is content
    assert kids(tended(content, now=NOON + 3 * DAY + 300, every=DAY, token_life=LIFE))[0] == fresh


def test_a_file_of_before_goes_on_with_the_secrets_that_its_keys_stood_for(content: Content) -> None:
    key = from_jwk(content.keys[0], "ES256")
    [secret] = Content.of({"keys": [dict(content.keys[0])]}).refresh
    assert secret["id"] == key.kid
    assert decode(secret["secret"]) == key.refresh_secret
