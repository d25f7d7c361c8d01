"""Beside Flask-Admin: its pages go on, whoever sets Flask-Babel up, and without it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from beside import beside, extension, orders
from flask import Flask
from flask_babel import Babel
from pages_kit import register

from flask_renewal import Renewal, install_pages

flask_admin, sqla = extension("flask_admin"), extension("flask_admin.contrib.sqla")

WITHOUT_BABEL = """
import sys

sys.modules["flask_babel"] = None

from datetime import datetime, timezone
from pathlib import Path

import flask_admin
from hosts import make_host

def now():
    return datetime.now(timezone.utc)


app = make_host(Path(sys.argv[1]), now, prepare=flask_admin.Admin, SECRET_KEY="of the host")
assert app.test_client().get("/admin/").status_code == 200
assert "babel" not in app.extensions
"""


def set_up(app: Flask) -> None:
    db = app.extensions["sqlalchemy"]
    (user_model,) = [mapper.class_ for mapper in db.Model.registry.mappers if mapper.class_.__name__ == "User"]
    flask_admin.Admin(app).add_view(sqla.ModelView(user_model, db))


class ForMembers(flask_admin.BaseView):
    @flask_admin.expose("/")
    def index(self) -> str:
        return "for members"

    def is_accessible(self) -> bool:
        return Renewal().visitor() is not None


@orders
def test_its_views_ask_who_is_signed_in(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = beside(adopt, lambda app: flask_admin.Admin(app).add_view(ForMembers()), ours_first=ours_first)
    install_pages(app)
    client = app.test_client()
    assert client.get("/admin/formembers/").status_code == 403
    register(client)
    assert client.get("/admin/formembers/").text == "for members"


@orders
@pytest.mark.parametrize("babel", [lambda app: None, Babel, install_pages], ids=["nobody", "the host", "our pages"])
def test_its_lists_are_shown_whoever_sets_babel_up(
    adopt: Callable[..., Flask], ours_first: bool, babel: Callable[[Flask], object]
) -> None:
    app = beside(adopt, set_up, ours_first=ours_first)
    babel(app)
    assert "List" in app.test_client().get("/admin/user/").text


def test_its_pages_are_shown_without_babel(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_BABEL, str(tmp_path / "host")],
        cwd=Path(__file__).parents[1],
        env={"PYTHONPATH": ".:helpers"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
