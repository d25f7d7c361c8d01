"""Signing keys that are shared, old, gone, or to be read by others."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NOON, Clock
from findings import coded, found, worst
from flask import Flask
from key_rings import P256, pem

from flask_renewal.entrances.check import Level

SECRET = "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"
KEY_FILE = "signing_keys.json"

Make = Callable[..., Flask]


def test_a_shared_secret_is_found(make_app: Make) -> None:
    app = make_app(JWT_SECRET_KEY=SECRET)
    assert worst(app, "JWT_SECRET_KEY") == coded(app, "secret_shared") == (Level.NOTE, "")


def test_a_key_file_that_others_can_read_is_found(make_app: Make) -> None:
    app = make_app()
    assert found(app, KEY_FILE) == []
    for mode in (0o601, 0o610):
        os.chmod(Path(app.instance_path) / KEY_FILE, mode)
        assert coded(app, "key_file_readable") == (Level.ERROR, "")


def test_an_old_key_is_found(make_app: Make, clock: Clock) -> None:
    app = make_app()
    os.utime(Path(app.instance_path) / KEY_FILE, (NOON.timestamp(), NOON.timestamp()))
    clock.tick(days=365)
    assert found(app, KEY_FILE) == []
    clock.tick(seconds=1)
    assert coded(app, "key_old") == (Level.WARNING, "")


def test_a_key_is_as_old_as_it_says_whenever_its_file_was_written(make_app: Make, clock: Clock) -> None:
    app = make_app()
    assert app.extensions["flask-renewal"].keys.signing_key.created_at
    clock.tick(days=366)
    os.utime(Path(app.instance_path) / KEY_FILE, (clock().timestamp(), clock().timestamp()))
    assert coded(app, "key_old") == (Level.WARNING, "")


def test_a_key_file_that_is_gone_is_found(make_app: Make) -> None:
    app = make_app()
    (Path(app.instance_path) / KEY_FILE).unlink()
    assert coded(app, "key_file_missing") == (Level.ERROR, "")


@pytest.mark.parametrize("where", ["a secret", "a private key", "a folder"])
def test_keys_that_are_elsewhere_have_no_file_to_look_at(
    make_app: Make, clock: Clock, tmp_path: Path, where: str
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "one.pem").write_text(pem(P256))
    places = {
        "a secret": {"JWT_SECRET_KEY": SECRET},
        "a private key": {"JWT_PRIVATE_KEY": pem(P256)},
        "a folder": {"RENEWAL_KEY_FOLDER": str(keys)},
    }
    app = make_app(**places[where])
    clock.tick(days=5000)
    assert found(app, KEY_FILE) == []
