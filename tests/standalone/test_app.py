"""The standalone application."""

import gc
import sqlite3
from pathlib import Path

import pytest
from answers import assert_problem
from conftest import Clock, bearer
from flask import Flask
from hosts import sign_in
from sqlalchemy import event

from flask_renewal import create_app
from flask_renewal.ground.ambient import Ambient


def test_health_and_readiness(app: Flask) -> None:
    for path in ("/healthz", "/readyz"):
        response = app.test_client().get(path)
        assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_a_store_that_is_away_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (Path(app.instance_path) / "flask-renewal.db").rename(Path(app.instance_path) / "moved.db")
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    Path(app.instance_path).joinpath("flask-renewal.db").mkdir()
    assert_problem(app.test_client().get("/readyz"), 503, "store_unavailable")
    assert app.test_client().get("/healthz").status_code == 200


def test_a_second_start_finds_everything(tmp_path: Path, clock: Clock) -> None:
    first, second = (create_app(instance_path=tmp_path / "x", ambient=Ambient(now=clock)) for _ in range(2))
    token = sign_in(first).access_token
    assert second.test_client().get("/auth/me", headers=bearer(token)).status_code == 200


def test_an_application_that_is_gone_leaves_no_connection_open(tmp_path: Path) -> None:
    app, opened = create_app(instance_path=tmp_path), []
    with app.app_context():
        event.listen(app.extensions["sqlalchemy"].engine, "connect", lambda connection, _: opened.append(connection))
        app.extensions["sqlalchemy"].engine.dispose()
    sign_in(app)
    assert opened
    for connection in opened:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    del app
    gc.collect()
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
