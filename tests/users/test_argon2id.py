"""Argon2id at the price that OWASP asks for."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from conftest import PASSWORD

from flask_renewal.identity.users.argon2id import Argon2id

OTHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def test_a_hash_has_the_parameters_of_the_cheat_sheet() -> None:
    made = extract_parameters(Argon2id().hash(PASSWORD))
    assert (made.memory_cost, made.time_cost, made.parallelism) == (19_456, 2, 1)


@pytest.mark.parametrize("stored", [OTHER, Argon2id().hash(PASSWORD)], ids=["other parameters", "today's"])
def test_a_password_is_compared_whatever_the_parameters(stored: str) -> None:
    assert Argon2id().verify(stored, PASSWORD) is True
    assert Argon2id().verify(stored, "wrong") is False


@pytest.mark.parametrize(
    "broken", ["", "!", "$argon2id$", OTHER.replace("m=8", "m=0")], ids=["empty", "mark", "begun", "no memory"]
)
def test_what_is_no_hash_is_told_from_a_wrong_password(broken: str) -> None:
    assert Argon2id().verify(broken, PASSWORD) is None


def test_only_a_hash_of_today_is_kept() -> None:
    ours = Argon2id()
    assert not ours.needs_rehash(ours.hash(PASSWORD))
    assert ours.needs_rehash(OTHER)
    assert ours.needs_rehash("scrypt:1:1:1$salt$hash")


def test_what_nobody_has_is_as_dear_as_what_somebody_has() -> None:
    assert extract_parameters(Argon2id().nobody) == extract_parameters(Argon2id().hash(PASSWORD))
