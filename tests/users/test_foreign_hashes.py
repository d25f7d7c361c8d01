"""Hashes that a host made: it verifies them, and they cost whoever guesses names as much as any other."""

from pathlib import Path

import pytest
from conftest import NOON, PASSWORD
from flask import Flask
from hosts import new_database, services_of

from flask_renewal import Account, Renewal
from flask_renewal.identity.users.passwords import MOST_KINDS, Passwords


@pytest.fixture
def bcrypts() -> dict[str, int]:
    """How often a hash was compared by a host's verifier of bcrypt's."""
    return {}


@pytest.fixture
def hosts(bcrypts: dict[str, int]) -> Passwords:
    def verify(stored: str, password: str) -> bool | None:
        bcrypts[stored] = bcrypts.get(stored, 0) + 1
        return password == "of bcrypt" if stored.startswith("$2b$") else None

    return Passwords(verify_foreign=verify)


CHEAP_BCRYPT, DEAR_BCRYPT = "$2b$04$" + "a" * 53, "$2b$12$" + "b" * 53


def test_a_hash_of_the_hosts_is_the_hosts_to_judge(hosts: Passwords) -> None:
    assert hosts.verify(CHEAP_BCRYPT, "of bcrypt")
    assert not hosts.verify(CHEAP_BCRYPT, PASSWORD)
    assert hosts.verify(hosts.hash(PASSWORD), PASSWORD)
    assert not hosts.verify(hosts.hash(PASSWORD), "of bcrypt")


def test_a_name_that_nobody_has_is_tried_on_the_hosts_hashes_too(hosts: Passwords, bcrypts: dict[str, int]) -> None:
    for stored in (CHEAP_BCRYPT, DEAR_BCRYPT, CHEAP_BCRYPT[:-1] + "x"):
        hosts.verify(stored, "of bcrypt")
    bcrypts.clear()
    hosts.verify(None, "wrong")
    assert (bcrypts[CHEAP_BCRYPT], bcrypts[DEAR_BCRYPT], CHEAP_BCRYPT[:-1] + "x" in bcrypts) == (1, 1, False)


@pytest.mark.parametrize("form", ["{}", "old${}", "pbkdf2_sha256$9$salt-{}${}", "$6$salt-{}${}", "$2b$12${}"])
def test_of_hashes_that_are_made_alike_one_is_tried(form: str) -> None:
    tried: list[str] = []
    passwords = Passwords(verify_foreign=lambda stored, _: None if "argon2" in stored else bool(tried.append(stored)))
    for number in range(MOST_KINDS):
        passwords.verify(form.format(*[str(number) * 64] * 2), "wrong")
    tried.clear()
    passwords.verify(None, "wrong")
    assert len(tried) == 1


def test_the_hosts_verifier_gets_the_password_as_it_was_sent() -> None:
    sent: set[str] = set()
    Passwords(verify_foreign=lambda _, password: sent.add(password)).verify("old", "cre\u0300me")
    assert sent == {"cre\u0300me"}


@pytest.mark.parametrize("rehash", [True, False], ids=["hashed anew", "left as it is"])
def test_a_password_that_the_host_verifies_is(tmp_path: Path, rehash: bool) -> None:
    app = Flask("host", instance_path=str(tmp_path))
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///host.db", RENEWAL_REHASH=rehash)
    db, model = new_database(app)
    renewal = Renewal(app, db=db, user_model=model)
    renewal.verify_password(lambda stored, password: None if "argon2" in stored else stored == f"old${password}")
    with app.app_context():
        db.create_all()
        services_of(app).users.add(Account(id="1", username="alice", password_hash="old$x"), key="alice", now=NOON)
    for password, status in (("x", 200), ("y", 401), ("x", 200)):
        assert (
            app.test_client().post("/auth/login", json={"username": "alice", "password": password}).status_code
            == status
        )
    with app.app_context():
        assert db.session.get(model, "1").password_hash.startswith("$argon2id$" if rehash else "old$x")


@pytest.mark.parametrize(
    ("one", "another_of_its_kind", "other"),
    [
        ("0" * 32, "1" * 32, "0" * 64),
        ("sha1$0", "sha1$1", "md5$0"),
        ("$6$rounds=5000$salt$0", "$6$rounds=5000$pepper$1", "$6$rounds=9000$salt$0"),
        ("$2b$10$0", "$2b$10$1", "$2b$12$0"),
    ],
    ids=["bare digests", "without a salt", "with a salt", "bcrypt"],
)
def test_a_hosts_own_hashes_are_of_a_kind_that_cost_the_same(one: str, another_of_its_kind: str, other: str) -> None:
    tried: list[str] = []

    def verify(password_hash: str, _: str) -> bool | None:
        tried.append(password_hash)
        return None if password_hash.startswith("$argon2") else False

    passwords = Passwords(verify_foreign=verify)
    for known in (one, another_of_its_kind, other):
        passwords.verify(known, "wrong")
    tried.clear()
    passwords.verify(None, "wrong")
    assert tried[1:] == [one, other]
