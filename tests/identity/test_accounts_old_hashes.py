"""Old hashes, which are replaced where that can be done."""

import pytest
from answers import import_hash
from conftest import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.security import generate_password_hash

from flask_renewal.standalone.models import db


@pytest.mark.usefixtures("login")
def test_who_has_the_right_password_signs_in_though_the_old_hash_stays(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    import_hash(app, generate_password_hash(PASSWORD, "scrypt:1024:8:1"))
    refuse = "CREATE TRIGGER kept BEFORE UPDATE OF password_hash ON renewal_user BEGIN SELECT RAISE(ABORT, 'kept'); END"
    with app.app_context():
        db.session.execute(text(refuse))
        db.session.commit()
    assert client.post("/auth/login", json={"username": "alice", "password": PASSWORD}).status_code == 200
    assert "an old password hash could not be replaced" in caplog.text
    assert "scrypt" not in caplog.text
