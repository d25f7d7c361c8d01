"""Refresh tokens: what is signed, what is read again, and nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask
from hosts import services_of

from flask_renewal.ground.errors import DeviceMismatchError, RefreshTokenInvalidError
from flask_renewal.ground.text import DEVICE_ID_MAX_CHARACTERS
from flask_renewal.identity.tokens.refresh import LONGEST_TOKEN, RefreshTokens, device_hash


@pytest.fixture
def tokens(host: Flask) -> RefreshTokens:
    return services_of(host).refresh_tokens


def issued(tokens: RefreshTokens, device: str = "") -> str:
    return tokens.issue(session_id="session", token_id="token", device=device)


def test_what_was_issued_is_read_again(tokens: RefreshTokens) -> None:
    token = tokens.read(issued(tokens, device_hash("phone")))
    assert (token.session_id, token.id, token.device) == ("session", "token", device_hash("phone"))


@pytest.mark.parametrize("part", range(5))
def test_no_part_can_be_replaced(tokens: RefreshTokens, part: int) -> None:
    parts = issued(tokens, device_hash("phone")).split(".")
    parts[part] = ("A" if parts[part][0] == "B" else "B") + parts[part][1:]
    with pytest.raises(RefreshTokenInvalidError):
        tokens.read(".".join(parts))


SPOILED: dict[str, Callable[[str], str]] = {
    "one part more": lambda text: f"{text}.x",
    "one part less": lambda text: text.rpartition(".")[0],
    "nothing": lambda text: "",
    "no ASCII": lambda text: text.replace("session", "sessi\u00f6n"),
    "too long": lambda text: text.replace("session", "x" * LONGEST_TOKEN),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_is_no_token_is_refused_and_found_nowhere(tokens: RefreshTokens, spoil: Callable[[str], str]) -> None:
    with pytest.raises(RefreshTokenInvalidError):
        tokens.read(spoil(issued(tokens)))
    assert tokens.find(spoil(issued(tokens))) is None


def test_a_token_without_a_device_may_come_from_any(tokens: RefreshTokens) -> None:
    tokens.read(issued(tokens)).check_device(None)
    tokens.read(issued(tokens)).check_device("phone")


@pytest.mark.parametrize("presented", [None, "", "tablet"])
def test_a_token_of_one_device_is_refused_from_another(tokens: RefreshTokens, presented: str | None) -> None:
    token = tokens.read(issued(tokens, device_hash("phone")))
    token.check_device("phone")
    with pytest.raises(DeviceMismatchError):
        token.check_device(presented)


def test_a_device_id_is_looked_at_up_to_its_longest(tokens: RefreshTokens) -> None:
    longest = "x" * DEVICE_ID_MAX_CHARACTERS
    tokens.read(issued(tokens, device_hash(longest))).check_device(longest)
    with pytest.raises(DeviceMismatchError):
        tokens.read(issued(tokens, device_hash(longest + "x"))).check_device(longest + "x")
