"""The decorators by which a host gives its own functions."""

from pathlib import Path

import pytest
from answers import assert_problem
from conftest import PASSWORD
from flask import Flask
from hosts import new_database

from flask_renewal import ConfigurationError, Renewal, SignInRefusedError, install_pages
from flask_renewal.testing.parts import services_of

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.mark.parametrize("name", ["verify_password", "user_loader", "claims_loader", "before_sign_in", "new_user"])
def test_a_decorator_leaves_the_function_to_the_host(name: str) -> None:
    def function() -> None: ...

    assert getattr(Renewal(), name)(function) is function


@pytest.mark.parametrize(
    "name", ["verify_password", "user_loader", "claims_loader", "before_sign_in", "new_user", "adopt"]
)
def test_a_function_whose_answer_nobody_would_await_is_refused(name: str) -> None:
    async def function() -> None: ...

    with pytest.raises(ConfigurationError, match="is async, and its answer is needed at once; make it a def"):
        getattr(Renewal(), name)(function)


@pytest.fixture
def refusing(tmp_path: Path) -> Flask:
    """A host that signs nobody in, and has a user."""
    app = Flask("host", instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///host.db"
    db, user_model = new_database(app)
    renewal = Renewal(app, db=db, user_model=user_model)
    install_pages(app)
    with app.app_context():
        db.create_all()
        services_of(app).accounts.add("bob", PASSWORD)

    @renewal.before_sign_in
    def refuse(user_id: str) -> None:
        raise SignInRefusedError("email_unconfirmed", "Confirm your e-mail address first.")

    return app


@pytest.mark.parametrize(("path", "name"), [("/auth/login", "bob"), ("/auth/register", "alice")])
def test_a_host_may_refuse_to_sign_in_in_its_own_words(refusing: Flask, path: str, name: str) -> None:
    response = refusing.test_client().post(path, json={"username": name, "password": PASSWORD})
    assert_problem(response, 403, "email_unconfirmed")
    assert response.get_json()["detail"] == "Confirm your e-mail address first."
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("path", "name"), [("/login", "bob"), ("/register", "alice")])
def test_a_page_says_why_the_host_refuses(refusing: Flask, path: str, name: str) -> None:
    form = {"username": name, "password": PASSWORD}
    response = refusing.test_client().post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 403
    assert "Confirm your e-mail address first." in response.text


def test_who_is_refused_has_no_session_and_stays_registered(refusing: Flask) -> None:
    refusing.test_client().post("/auth/register", json=ALICE)
    services = services_of(refusing)
    assert services.sessions.list(services.accounts.find("alice").id) == []
