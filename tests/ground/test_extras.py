"""What a host installs: the core, and an extra for each thing that it wants besides."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from warm import Python

ROOT = Path(__file__).parents[2]
LIBRARIES = {
    "passwords": ["argon2"],
    "pages": ["flask_babel", "ua_parser"],
    "app": ["alembic", "argon2", "flask_babel", "flask_migrate", "ua_parser", "waitress"],
    "metrics": ["prometheus_client"],
    "mysql": ["pymysql"],
    "postgresql": ["psycopg"],
    "redis": ["redis"],
}
ALL = sorted({library for extra in LIBRARIES.values() for library in extra})
HOST = """
import sys
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase
from flask_renewal import Renewal, UserMixin, access_required, errors
from flask_renewal.testing import RenewalClient, plugin

app = Flask("host", instance_path=sys.argv[1])
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
User = type("User", (UserMixin, db.Model), {})
app.add_url_rule("/guarded", view_func=access_required()(lambda: "in"))
try:
    Renewal(app, db=db, user_model=User)
    with app.app_context():
        db.create_all()
    client = RenewalClient(app)
    client.login("alice")
    assert client.get("/guarded").text == "in"
    exec(sys.argv[2])
except errors.ConfigurationError as error:
    sys.exit(str(error))
"""
GUARDED_PAGE = """
import sys
from flask import Flask, redirect
from flask_sqlalchemy import SQLAlchemy
from flask_renewal import Renewal, page_required

app = Flask("host", instance_path=sys.argv[1])
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", RENEWAL_LOGIN_URL="enter")
db = SQLAlchemy(app)
renewal = Renewal(app, db=db)
app.add_url_rule("/diary", "diary", page_required(lambda: "in"))
app.add_url_rule("/enter", "enter", lambda: renewal.sign_in("7", response=redirect("/diary")), methods=["GET", "POST"])
with app.app_context():
    db.create_all()
client = app.test_client()
assert client.get("/diary").location == "/enter?next=/diary"
assert client.post("/enter").status_code == 302
assert client.get("/diary").text == "in"
"""


Without = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def without(bare_python: Python) -> Without:
    """Return what runs a program in which some libraries are not installed."""

    def run(libraries: list[str], program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        blocked = f"import sys; assert not sys.modules.keys() & {{*{libraries}}}\n"
        blocked += f"sys.modules.update(dict.fromkeys({libraries}))\n"
        return bare_python("-c", blocked + program, *arguments, cwd=ROOT)

    return run


def test_a_host_whose_users_have_passwords_needs_one_extra(without: Without, tmp_path: Path) -> None:
    done = without([library for library in ALL if library != "argon2"], HOST, tmp_path, "")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("extra", "library", "program"),
    [
        ("passwords", "argon2", ""),
        *[("pages", library, "from flask_renewal import install_pages") for library in LIBRARIES["pages"]],
        *[("app", library, "from flask_renewal import create_app") for library in ("alembic", "flask_migrate")],
    ],
)
def test_what_needs_an_extra_names_it(without: Without, tmp_path: Path, extra: str, library: str, program: str) -> None:
    done = without([library], HOST, tmp_path, program)
    assert done.returncode == 1
    assert done.stderr.endswith(
        f" needs the module {library}, which is not installed; run pip install 'flask-renewal[{extra}]'.\n"
    )
    assert len(done.stderr.splitlines()) == 1


def test_a_page_that_leads_to_a_sign_in_page_of_the_hosts_needs_none(without: Without, tmp_path: Path) -> None:
    done = without([*ALL, "babel"], GUARDED_PAGE, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("library", LIBRARIES["app"])
def test_the_application_says_what_to_install_and_gives_up(without: Without, library: str) -> None:
    done = without([library], "import runpy; runpy.run_path('wsgi.py')")
    assert done.returncode == 3
    assert done.stderr.startswith("Flask-Renewal cannot start: ")
    assert f"the module {library}" in done.stderr
    assert "; run pip install '" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_python_that_is_too_old_is_told_which_to_take(without: Without) -> None:
    done = without(
        [], "import runpy; sys.version_info, sys.version = (3, 9, 2), '3.9.2 (old)'; runpy.run_path('wsgi.py')"
    )
    assert done.returncode == 3
    assert done.stderr == (
        "Flask-Renewal cannot start: this is Python 3.9.2, and 3.10 or a later one is needed; run it by that.\n"
    )
