"""The same evening, tested with what Flask brings along: real waiting, and cookies and threads by hand."""

import time
from pathlib import Path
from threading import Barrier, Thread

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from .app import create_app
from .conftest import PASSWORD, close
from .members import Member, db

COOKIE = "refresh_token"
LIFE, WINDOW = 1, 1


def test_an_evening_with_the_till(renewal_app: Flask, tmp_path: Path) -> None:
    app = short_lived(tmp_path)
    ann = app.test_client()
    answer = ann.post("/auth/login", json={"username": "ann@example.com", "password": PASSWORD})
    token = answer.get_json()["access_token"]
    ann.post("/payments", json={"cents": 1250, "note": "tea"}, headers=bearer(token))
    stolen = value_of(ann)
    time.sleep(LIFE + WINDOW + 0.1)
    assert [answer.status_code for answer in refresh_together(app, ann)] == [200, 200]
    time.sleep(LIFE + WINDOW + 0.1)
    before_the_loss = value_of(ann)
    ann.post("/auth/refresh")
    ann.set_cookie(COOKIE, before_the_loss)
    token = ann.post("/auth/refresh").get_json()["access_token"]
    assert len(ann.get("/payments", headers=bearer(token)).get_json()["payments"]) == 1
    time.sleep(WINDOW + 0.1)
    thief = app.test_client()
    thief.set_cookie(COOKIE, stolen)
    assert thief.post("/auth/refresh").get_json()["code"] == "refresh_token_reused"
    assert ann.post("/auth/refresh").get_json()["code"] == "session_ended"
    close(app)


def short_lived(tmp_path: Path) -> Flask:
    """Return the application with lives short enough to wait for, which no user would have."""
    return create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'till.db'}",
            "JWT_ACCESS_TOKEN_EXPIRES": LIFE,
            "RENEWAL_QUIET_WINDOW": WINDOW,
        }
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def value_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def refresh_together(app: Flask, client: FlaskClient) -> list[TestResponse]:
    """Refresh from two tabs at once; the cookie of the one that was handed a new token is kept."""
    cookie, barrier, answers = value_of(client), Barrier(2), []

    def run() -> None:
        tab = app.test_client()
        tab.set_cookie(COOKIE, cookie)
        barrier.wait()
        answers.append((tab.post("/auth/refresh"), value_of(tab)))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _, value in answers:
        if value != cookie:
            client.set_cookie(COOKIE, value)
    return [answer for answer, _ in answers]


def test_members_are_those_of_before(renewal_app: Flask) -> None:
    with renewal_app.app_context():
        assert db.session.query(Member).count() == 2
