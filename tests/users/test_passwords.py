"""Passwords: what is stored, what is refused, and that everybody costs the same."""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest
from answers import assert_problem, import_hash, rows
from argon2 import PasswordHasher, Type
from conftest import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from hosts import services_of
from werkzeug.security import generate_password_hash

from flask_renewal.ground.errors import InvalidRequestError, WeakPasswordError
from flask_renewal.identity.users.passwords import MOST_KINDS, Passwords, check_size, check_strength

OLD = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note every computation of a hash."""
    computed: list[str] = []
    verify, make = PasswordHasher.verify, PasswordHasher.hash
    monkeypatch.setattr(PasswordHasher, "verify", lambda *a: computed.append("verify") or verify(*a))
    monkeypatch.setattr(PasswordHasher, "hash", lambda *a: computed.append("hash") or make(*a))
    return computed


def stored(app: Flask) -> str:
    return str(rows(app, "SELECT password_hash FROM renewal_user")[0][0])


def test_a_hash_has_the_parameters_of_owasp(passwords: Passwords) -> None:
    assert passwords.hash(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_every_hash_has_a_salt_of_its_own(passwords: Passwords) -> None:
    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


@pytest.mark.parametrize("other", [PASSWORD + " ", PASSWORD[:-1], PASSWORD.title(), "", "\0" + PASSWORD])
def test_only_the_password_itself_is_right(passwords: Passwords, other: str) -> None:
    hashed = passwords.hash(PASSWORD)
    assert passwords.verify(hashed, PASSWORD)
    assert not passwords.verify(hashed, other)


def test_composed_and_decomposed_are_one(passwords: Passwords) -> None:
    assert passwords.verify(passwords.hash("cr\u00e8me br\u00fbl\u00e9e!"), "cre\u0300me bru\u0302le\u0301e!")


def test_compatibility_characters_are_kept_apart(passwords: Passwords) -> None:
    assert not passwords.verify(passwords.hash("\uff21lice in chains"), "Alice in chains")


@pytest.mark.parametrize(
    "broken",
    ["", "!", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA", "scrypt:1$x", "pbkdf2:md9$a$b", "scrypt:a:b:c$d$e"],
)
def test_a_hash_that_is_none_lets_nobody_in(passwords: Passwords, broken: str) -> None:
    assert not passwords.verify(broken, PASSWORD)
    assert passwords.needs_rehash(broken)


@pytest.mark.parametrize("method", ["scrypt:1024:8:1", "pbkdf2:sha256:1000"])
def test_a_hash_of_werkzeugs_is_understood(passwords: Passwords, method: str) -> None:
    old = generate_password_hash(PASSWORD, method)
    assert passwords.verify(old, PASSWORD)
    assert not passwords.verify(old, PASSWORD + "x")
    assert passwords.needs_rehash(old)


@pytest.mark.parametrize(
    "other",
    [
        {"time_cost": 3},
        {"memory_cost": 19_457},
        {"parallelism": 2},
        {"salt_len": 12},
        {"hash_len": 24},
        {"type": Type.I},
    ],
    ids=str,
)
def test_a_hash_is_made_anew_if_it_was_made_otherwise(passwords: Passwords, other: dict[str, Any]) -> None:
    todays: dict[str, Any] = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
    assert passwords.needs_rehash(PasswordHasher(**todays | other).hash(PASSWORD))
    assert not passwords.needs_rehash(PasswordHasher(**todays).hash(PASSWORD))


def test_nobody_has_no_password(passwords: Passwords) -> None:
    assert not passwords.verify(None, "nobody's password")
    assert not passwords.verify(None, "")


@pytest.mark.parametrize("name", ["alice", "nobody"], ids=["a user", "nobody"])
@pytest.mark.usefixtures("login")
def test_a_wrong_password_costs_one_hash(client: FlaskClient, hashed: list[str], name: str) -> None:
    response = client.post("/auth/login", json={"username": name, "password": "wrong"})
    assert_problem(response, 401, "invalid_credentials")
    assert hashed == ["verify"]


@pytest.mark.usefixtures("login")
def test_a_disabled_user_costs_one_hash(app: Flask, client: FlaskClient, hashed: list[str]) -> None:
    services_of(app).accounts.disable("alice")
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert hashed == ["verify"]


def spent(passwords: Passwords, password_hash: str | None) -> float:
    """Return the seconds of this process in which a wrong password is found to be wrong."""
    begun = time.process_time()
    assert not passwords.verify(password_hash, "wrong")
    return time.process_time() - begun


@pytest.mark.parametrize(
    "somebody",
    [
        Passwords().hash(PASSWORD),
        PasswordHasher(time_cost=6, memory_cost=19_456, parallelism=1).hash(PASSWORD),
        generate_password_hash(PASSWORD, "scrypt:32768:8:1"),
        generate_password_hash(PASSWORD, "pbkdf2:sha256:100000"),
        "!",
    ],
    ids=["ours", "an older one of Argon2", "scrypt", "PBKDF2", "one that no password fits"],
)
def test_nobody_takes_as_long_as_somebody(somebody: str) -> None:
    passwords, of_today = Passwords(), Passwords().hash(PASSWORD)
    passwords.verify(somebody, "wrong")
    times = [[spent(passwords, each) for each in (None, somebody, of_today)] for _ in range(9)]
    nobody, *others = (median(each) for each in zip(*times, strict=True))
    assert all(0.6 < nobody / other < 1.6 for other in others)


def test_a_right_password_is_tried_once(passwords: Passwords, hashed: list[str]) -> None:
    old, ours = OLD.hash(PASSWORD), passwords.hash(PASSWORD)
    passwords.verify(old, "wrong")
    hashed.clear()
    assert passwords.verify(old, PASSWORD)
    assert passwords.verify(ours, PASSWORD)
    assert hashed == ["verify"] * 2


def test_a_wrong_password_is_tried_on_few_kinds(hashed: list[str]) -> None:
    passwords = Passwords()
    for cost in range(8, 20):
        passwords.verify(PasswordHasher(time_cost=1, memory_cost=cost, parallelism=1).hash(PASSWORD), "wrong")
    hashed.clear()
    passwords.verify(None, "wrong")
    assert hashed == ["verify"] * MOST_KINDS


def test_what_is_no_hash_takes_the_place_of_no_kind(hashed: list[str]) -> None:
    passwords = Passwords()
    for known in ("!a", "!b", "!c", OLD.hash(PASSWORD)):
        passwords.verify(known, "wrong")
    hashed.clear()
    passwords.verify(None, "wrong")
    assert hashed == ["verify"] * 2


@pytest.mark.parametrize(
    "content",
    [{"password": "x" * 1025}, {"password": ""}, {"password": 5}, {"username": ""}, {"username": "a\nb"}],
    ids=str,
)
def test_what_cannot_be_right_is_not_hashed(client: FlaskClient, hashed: list[str], content: dict[str, Any]) -> None:
    response = client.post("/auth/login", json={"username": "alice", "password": PASSWORD, **content})
    assert response.status_code == 422
    assert hashed == []


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize(
    "old", [OLD.hash(PASSWORD), generate_password_hash(PASSWORD, "scrypt:1024:8:1")], ids=["argon2", "scrypt"]
)
def test_an_old_hash_is_replaced_at_the_next_sign_in(app: Flask, client: FlaskClient, old: str, login: Any) -> None:
    import_hash(app, old)
    client.post("/auth/login", json={"username": "alice", "password": "wrong"})
    assert stored(app) == old
    assert client.post("/auth/login", json={"username": "alice", "password": PASSWORD}).status_code == 200
    assert stored(app).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert client.post("/auth/login", json={"username": "alice", "password": PASSWORD}).status_code == 200


@pytest.mark.usefixtures("login")
def test_a_hash_of_today_is_kept(app: Flask, client: FlaskClient) -> None:
    before = stored(app)
    client.post("/auth/login", json={"username": "alice", "password": PASSWORD})
    assert stored(app) == before


@pytest.mark.parametrize(
    "password",
    ["", "x" * 1025, "\u00e9" * 513, "e\u0301" * 513],
    ids=["none", "1,025 bytes", "1,026 bytes", "1,026 bytes once composed"],
)
def test_a_size_that_no_password_has(password: str) -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        check_size(password, field="new_password")
    assert refusal.value.field == "new_password"


@pytest.mark.parametrize("password", ["x", "x" * 1024, "\u00e9" * 512, "e\u0301" * 512, "\u03c5\u0308\u0301" * 512])
def test_a_size_that_a_password_may_have(password: str) -> None:
    check_size(password, field="password")


WEAK = {
    "11 characters": "abcdefghij1",
    "11 characters once composed": "e\u0301" * 3 + "abcdefgh",
    "the user name": "Alice-The-12th",
    "one of the commonest": "123456789012",
    "one of the commonest in capitals": "PASSWORD1234",
    "one character": "zzzzzzzzzzzzz",
    "two characters": "ababababababab",
}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK)
def test_a_weak_password(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_strength(password, username="alice-the-12th")


def test_the_user_name_in_small_letters_is_a_weak_password() -> None:
    with pytest.raises(WeakPasswordError):
        check_strength("alice-the-12th", username="ALICE-the-12th")


@pytest.mark.parametrize(
    "password", ["abcdefghij12", "zqjzqjzqjzqj", "aaaa bbbb cc", "alice-the-12th!", "      a b c d"]
)
def test_a_password_that_will_do(password: str) -> None:
    check_strength(password, username="alice-the-12th")
