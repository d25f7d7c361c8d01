"""Signing keys that are shared, old, gone, or to be read by others."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from conftest import Clock
from findings import worst
from flask import Flask

from flask_renewal.entrances.check import Level

SECRET = "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"
KEY_FILE = "signing_keys.json"

Make = Callable[..., Flask]


def test_a_shared_secret_is_found(make_app: Make) -> None:
    assert worst(make_app(JWT_SECRET_KEY=SECRET), "JWT_SECRET_KEY") == (Level.NOTE, "")


def test_a_key_file_that_others_can_read_is_found(make_app: Make) -> None:
    app = make_app()
    os.chmod(Path(app.instance_path) / KEY_FILE, 0o644)
    assert worst(app, KEY_FILE) == (Level.ERROR, "")


def test_an_old_key_is_found(make_app: Make, clock: Clock) -> None:
    app = make_app()
    clock.now += timedelta(days=5000)
    assert worst(app, KEY_FILE) == (Level.WARNING, "")


def test_a_key_file_that_is_gone_is_found(make_app: Make) -> None:
    app = make_app()
    (Path(app.instance_path) / KEY_FILE).unlink()
    assert worst(app, KEY_FILE) == (Level.ERROR, "")
