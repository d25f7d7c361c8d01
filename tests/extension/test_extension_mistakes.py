"""Mistakes in wiring: one sentence that says the cure, and no traceback from `flask …`."""

from pathlib import Path

import pytest
from answers import assert_problem
from conftest import PASSWORD
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from warm import Python

from flask_renewal import ConfigurationError, Renewal, UserMixin
from flask_renewal.ground.errors import StoreRefusedError
from flask_renewal.testing import RenewalClient

HOST = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_renewal import Renewal, UserMixin

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", RENEWAL_QUIET_WINDOW=10_000)
db = SQLAlchemy(app)
Renewal(app, db=db, user_model=type("User", (UserMixin, db.Model), {}))
"""


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    app = Flask("host", instance_path=str(tmp_path / "instance"))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    return app


@pytest.mark.parametrize("words", [("users", "list"), ("run",), ("routes",)], ids=" ".join)
def test_a_setting_that_cannot_be_is_told_by_flask_in_one_sentence(
    python: Python, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "host.py").write_text(HOST)
    done = python("-m", "flask", "--app", "host", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("Error: RENEWAL_QUIET_WINDOW = 10000 cannot be used; set it to ")
    assert len(done.stderr.splitlines()) == 1


def test_a_model_without_the_columns_is_told_which(bare: Flask) -> None:
    db = SQLAlchemy(bare)

    class Person(db.Model):  # type: ignore[name-defined,misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        password_hash: Mapped[str]

    cure = "let its model inherit from flask_renewal.UserMixin, or pass users="
    with pytest.raises(ConfigurationError, match=f"person has no column username, username_key, created_at.*; {cure}"):
        Renewal(bare, db=db, user_model=Person)


@pytest.mark.parametrize("user_model", [UserMixin, "User"], ids=["the mixin", "a name"])
def test_what_is_no_model_is_told_so(bare: Flask, user_model: type) -> None:
    with pytest.raises(ConfigurationError, match=r"is no model; pass one such as class User\(UserMixin, db.Model\)"):
        Renewal(bare, db=SQLAlchemy(bare), user_model=user_model)


def test_an_instance_folder_that_cannot_be_written_is_named(bare: Flask, tmp_path: Path) -> None:
    (tmp_path / "instance").touch()
    db = SQLAlchemy(bare)
    user_model = type("User", (UserMixin, db.Model), {})
    with pytest.raises(
        ConfigurationError, match=r"instance folder .*/instance \(.*\); let this user write there, or set"
    ):
        Renewal(bare, db=db, user_model=user_model)


@pytest.fixture
def demanding(bare: Flask) -> tuple[Flask, Renewal, type]:
    """Return a host whose users must have an e-mail address."""
    db = SQLAlchemy(bare, model_class=type("Base", (DeclarativeBase,), {}))

    class Person(UserMixin, db.Model):  # type: ignore[name-defined,misc]
        email: Mapped[str]
        points: Mapped[int] = mapped_column(default=0)
        note: Mapped[str | None]

    renewal = Renewal(bare, db=db, user_model=Person)
    with bare.app_context():
        db.create_all()
    return bare, renewal, Person


CURE = (
    "nobody gives person.email a value, and a row must have one: return the user from a function with @renewal.new_user"
)
ALICE = {"username": "alice", "password": PASSWORD}


def test_a_column_that_must_be_given_is_named_with_who_could_give_it(
    demanding: tuple[Flask, Renewal, type], caplog: pytest.LogCaptureFixture
) -> None:
    app = demanding[0]
    assert_problem(app.test_client().post("/auth/register", json=ALICE), 500, "internal_error")
    [record] = caplog.records
    assert (record.levelname, CURE in record.message) == ("ERROR", True)
    result = app.test_cli_runner().invoke(args=["users", "add", "bob", "--password-stdin"], input=PASSWORD)
    assert (result.exit_code, "taken" in result.output) == (1, False)
    with pytest.raises(StoreRefusedError, match=CURE):
        RenewalClient(app).login("carol")


def test_once_the_host_makes_its_users_nothing_is_missing(demanding: tuple[Flask, Renewal, type]) -> None:
    app, renewal, person = demanding
    renewal.new_user(lambda fields: person(email=f"{fields['username']}@example.com"))
    client = app.test_client()
    assert [client.post("/auth/register", json=ALICE).status_code for _ in range(2)] == [201, 409]
    RenewalClient(app).login("carol").assert_signed_in("carol")
