"""Secrets that everybody knows or guesses are refused, and no sentence shows a secret."""

import traceback
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask import Flask

from flask_renewal import ConfigurationError
from flask_renewal.settings import Settings
from flask_renewal.settings.published import is_typed


def read(**config: Any) -> Settings:
    return Settings.from_config(config)


def told(error: BaseException) -> str:
    """Return what a server that cannot start prints of an error, its causes included."""
    return "".join(traceback.format_exception(error))


URLS = [
    "redis+x://user:hunter2@localhost",
    "redis+x://:hunter2@localhost/0",
    "redis+x://user:a/b@c#hunter2@localhost",
    "redis+x://localhost/0?password=hunter2",
    "redis+x://localhost/0?db=1&ssl_key=hunter2&x=1",
    "redis://:hunter2#x@localhost:6379/0",
]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("key", ["RENEWAL_STORE", "RATELIMIT_STORAGE_URI"])
def test_a_password_in_a_url_is_not_shown(make_app: Callable[..., Flask], key: str, url: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"{key} = ") as refusal:
        make_app(**{key: url})
    assert "hunter2" not in told(refusal.value)


def test_a_database_url_that_cannot_be_read_is_not_shown(make_app: Callable[..., Flask]) -> None:
    url = "postgresql+psycopg://user@host:hunter2/database"
    with pytest.raises(ConfigurationError, match="SQLALCHEMY_DATABASE_URI is no URL") as refusal:
        make_app(SQLALCHEMY_DATABASE_URI=url)
    assert "hunter2" not in told(refusal.value)


GUESSED = {
    "a word again and again": "secret" * 6,
    "a word again and again, and a part of it": "0123456789abcdefg" * 2 + "0123",
    "two halves alike": "0123456789abcdef" * 2,
    "one letter": "x" * 64,
    "few letters": "abcabdabeabfacbacdaceacfadbadcadeadf",
    "the alphabet": "abcdefghijklmnopqrstuvwxyz0123456789",
    "no random bytes": b"\xff" * 32,
}
PUBLISHED = {
    "jwt.io": "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
    "Flask's documentation": "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    "Flask's documentation, decoded": bytes.fromhex("192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"),
    "FastAPI's documentation": "09D25E094FAA6CA2556C818166B7A9563B93F7099F6F0F4CAA6CF63B88E8D3E7",
    "RFC 7515": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    "RFC 7520, decoded": urlsafe_b64decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg="),
    "Django's mark": "django-insecure-4k!x0(1v#q9zr7w_ep8t&2hy5b",
    "a placeholder": "xK9 CHANGE_ME vT4 before this goes live 7Qp",
    "a tutorial": "super-secret key of my first application",
}


@pytest.mark.parametrize("secret", GUESSED.values(), ids=GUESSED)
def test_a_secret_that_was_typed_is_refused(secret: str | bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"JWT_SECRET_KEY \(text that repeats or counts.*set it to"):
        read(JWT_SECRET_KEY=secret)


@pytest.mark.parametrize("secret", PUBLISHED.values(), ids=PUBLISHED)
def test_a_secret_that_everybody_knows_is_refused(secret: str | bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"JWT_SECRET_KEY \(a well-known example\).*set it to"):
        read(JWT_SECRET_KEY=secret)


JUMPS = bytes(range(100, 170, 10))
SEVEN = "acegikmcgkaeimkaegmicmagiekcieam"
"""Seven different letters in no order, none beside its neighbour in the alphabet."""
TYPED = {
    "two halves alike": ("qLrXz8Nk4VbSm7Pd" * 2, True),
    "an end that is like the beginning": ("qLrXz8Nk4VbSm7Pd" + "WJ" + "qLrXz8Nk4VbSm7", False),
    "seven different characters": (SEVEN, True),
    "eight different characters": (SEVEN[:-1] + "o", False),
    "counting up in more than three quarters": (bytes(range(40, 66)) + JUMPS[:6], True),
    "counting up in three quarters": (bytes(range(40, 65)) + JUMPS, False),
    "counting down": (bytes(range(80, 48, -1)), True),
    "counting in twos": (bytes(range(40, 104, 2)), False),
}


@pytest.mark.parametrize(("secret", "expected"), TYPED.values(), ids=TYPED)
def test_what_is_typed_is_told_from_what_is_drawn(secret: str | bytes, expected: bool) -> None:
    assert is_typed(secret.encode() if isinstance(secret, str) else secret) is expected


def test_random_secrets_are_taken() -> None:
    drawn = Random(1)
    for _ in range(300):
        data = drawn.randbytes(32)
        for secret in (data, data.hex(), data[:16].hex(), urlsafe_b64encode(data)):
            assert read(JWT_SECRET_KEY=secret).secret_keys


def test_the_value_of_an_unknown_key_is_not_shown() -> None:
    config = {"RENEWAL_SERVICE_KEY": "hunter2"}
    with pytest.raises(ConfigurationError, match="RENEWAL_SERVICE_KEY is not a setting") as refusal:
        read(**config)
    assert "hunter2" not in told(refusal.value)
