"""The decorators by which a host gives its own functions."""

import unicodedata
from pathlib import Path

import pytest
from answers import assert_problem
from conftest import PASSWORD, bearer
from flask import Flask
from hosts import new_database

from flask_renewal import ConfigurationError, Renewal, SignInRefusedError, errors, install_pages, signals
from flask_renewal.testing.parts import services_of

ALICE = {"username": "alice", "password": PASSWORD}
DECORATORS = [
    "adopt",
    "before_sign_in",
    "check_new_password",
    "claims_loader",
    "new_user",
    "user_loader",
    "verify_password",
]


@pytest.mark.parametrize("name", DECORATORS)
def test_a_decorator_leaves_the_function_to_the_host(name: str) -> None:
    def function() -> None: ...

    assert getattr(Renewal(), name)(function) is function


@pytest.mark.parametrize("name", DECORATORS)
def test_a_function_whose_answer_nobody_would_await_is_refused(name: str) -> None:
    async def function() -> None: ...

    with pytest.raises(ConfigurationError, match="is async, and its answer is needed at once; make it a def"):
        getattr(Renewal(), name)(function)


@pytest.fixture
def adopted(tmp_path: Path) -> tuple[Flask, Renewal]:
    """A host with users of its own and our pages, and the extension that it adopted."""
    app = Flask("host", instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///host.db"
    db, user_model = new_database(app)
    renewal = Renewal(app, db=db, user_model=user_model)
    install_pages(app)
    with app.app_context():
        db.create_all()
    return app, renewal


@pytest.fixture
def refusing(adopted: tuple[Flask, Renewal]) -> Flask:
    """A host that signs nobody in, and has a user."""
    app, renewal = adopted
    with app.app_context():
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
    registered: list[str] = []

    def hear(sender: Flask, user_id: str) -> None:
        registered.append(user_id)

    with signals.user_registered.connected_to(hear, refusing):
        refusing.test_client().post("/auth/register", json=ALICE)
    services = services_of(refusing)
    alice = services.accounts.find("alice").id
    assert (services.sessions.list(alice), registered) == ([], [alice])


LEAKED = "an café of long ago"
SAYS = "This password was in a leak."


@pytest.fixture
def asked() -> list[tuple[str, str]]:
    """The new passwords that the host was asked about, with the name of their user."""
    return []


@pytest.fixture
def choosy(adopted: tuple[Flask, Renewal], asked: list[tuple[str, str]]) -> Flask:
    """A host that takes no password which was leaked."""
    app, renewal = adopted

    @renewal.check_new_password
    def is_not_leaked(password: str, username: str) -> None:
        asked.append((password, username))
        if password == LEAKED:
            raise errors.WeakPasswordError(SAYS)

    return app


def test_a_host_may_refuse_a_new_password_in_its_own_words(choosy: Flask) -> None:
    client = choosy.test_client()
    decomposed = unicodedata.normalize("NFD", LEAKED)
    refused = client.post("/auth/register", json={"username": "alice", "password": decomposed})
    assert_problem(refused, 422, "weak_password")
    assert refused.get_json()["detail"] == SAYS

    token = client.post("/auth/register", json=ALICE).get_json()["access_token"]
    change = {"current_password": PASSWORD, "new_password": LEAKED}
    refused = client.put("/auth/password", json=change, headers=bearer(token))
    assert_problem(refused, 422, "weak_password")
    assert client.post("/auth/login", json=ALICE).status_code == 200


def test_a_page_says_why_the_host_refuses_a_password(choosy: Flask) -> None:
    form = {"username": "alice", "password": LEAKED}
    response = choosy.test_client().post("/register", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 422
    assert SAYS in response.text


def test_nor_may_whoever_runs_the_application_set_a_refused_password(choosy: Flask) -> None:
    choosy.test_client().post("/auth/register", json=ALICE)
    result = choosy.test_cli_runner().invoke(args=["users", "password", "alice"], input=f"{LEAKED}\n{LEAKED}\n")
    assert (result.exit_code, SAYS in result.output) == (1, True)


def test_a_host_is_asked_about_no_password_that_is_too_weak_anyway(choosy: Flask, asked: list[tuple[str, str]]) -> None:
    client = choosy.test_client()
    client.post("/auth/register", json={"username": "alice", "password": "too short"})
    assert asked == []
    client.post("/auth/register", json=ALICE)
    assert asked == [(PASSWORD, "alice")]


def test_where_the_host_cannot_tell_nobody_is_registered(adopted: tuple[Flask, Renewal]) -> None:
    app, renewal = adopted

    @renewal.check_new_password
    def look_up(password: str, username: str) -> None:
        raise ConnectionError("the list of leaked passwords does not answer")

    client = app.test_client()
    assert_problem(client.post("/auth/register", json=ALICE), 500, "internal_error")
    assert_problem(client.post("/auth/login", json=ALICE), 401, "invalid_credentials")
