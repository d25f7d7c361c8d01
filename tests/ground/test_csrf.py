"""A host that guards its forms with Flask-WTF's CSRFProtect: ours go on by their own check of origins."""

from pathlib import Path

import pytest
from answers import assert_problem
from conftest import PASSWORD
from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from hosts import make_host
from pages_kit import EVIL_FORM, is_signed_in, register

from flask_renewal import install_pages
from flask_renewal.testing import Clock

ALICE = {"username": "alice", "password": PASSWORD}
SECRET = "a secret of the host, for its forms alone"


@pytest.fixture(params=["CSRFProtect first", "Renewal first"])
def app(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Flask:
    protection = CSRFProtect()
    first = request.param == "CSRFProtect first"
    app = make_host(tmp_path, clock, prepare=protection.init_app if first else None, SECRET_KEY=SECRET)
    if not first:
        protection.init_app(app)
    install_pages(app)
    app.add_url_rule("/form", "form", lambda: "changed", methods=["POST"])
    return app


def test_the_api_and_the_pages_go_on(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/auth/register", json=ALICE).status_code == 201
    assert client.post("/auth/refresh").status_code == 200
    register(client, "bob")
    assert is_signed_in(client.get("/account"))


def test_they_refuse_other_sites_as_ever(app: Flask) -> None:
    client = app.test_client()
    assert_problem(client.post("/auth/refresh", headers=EVIL_FORM), 403, "untrusted_origin")
    assert client.post("/login", data=ALICE, headers=EVIL_FORM).status_code == 403


def test_the_hosts_own_forms_stay_guarded(app: Flask) -> None:
    client = app.test_client()
    client.post("/auth/register", json=ALICE)
    assert client.post("/form").status_code == 400


def test_a_blueprint_of_the_hosts_that_is_called_as_ours_are_stays_guarded(app: Flask) -> None:
    theirs = Blueprint("flask_renewal_notes", __name__)
    theirs.add_url_rule("/notes", "notes", lambda: "changed", methods=["POST"])
    app.register_blueprint(theirs)
    client = app.test_client()
    client.post("/auth/register", json=ALICE)
    assert client.post("/notes").status_code == 400


def test_a_host_may_have_a_blueprint_called_renewal(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path, clock)
    install_pages(app)
    for name in ("renewal", "renewal_pages", "renewal_client"):
        app.register_blueprint(Blueprint(name, __name__))
    assert app.test_client().get("/login").status_code == 200
