"""Two applications below paths of one host, and a page with a session of each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from flask_renewal import create_app

from .places_kit import ALICE
from .serving import serving
from .tabs import Profile

BOTH = """
const [{ createSession }] = await Promise.all([import(location.origin + "/one/auth/client.js")]);
[window.one, window.two] = ["/one", "/two"].map((path) => createSession({ baseUrl: location.origin + path }));
"""
ASK = "return Promise.all([one, two].map(async (session) => (await session.fetch('/auth/me')).status))"
RESTORE = "return Promise.all([one, two].map(async (session) => (await session.restore()).signedIn))"


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[str]:
    """Where `/one` and `/two` are mounted, each with cookies of its own name and an account of alice's."""
    mounts = {}
    for name in ("one", "two"):
        names = {"JWT_REFRESH_COOKIE_NAME": f"{name}_refresh", "JWT_ACCESS_COOKIE_NAME": f"{name}_access"}
        app = create_app({"RATELIMIT_ENABLED": False, **names}, instance_path=tmp_path / name)
        app.test_client().post("/auth/register", json=ALICE)
        mounts[f"/{name}"] = app.wsgi_app
    blank = Flask("blank")
    blank.add_url_rule("/", "page", lambda: "<!doctype html><title>Two</title>")
    with serving(DispatcherMiddleware(blank.wsgi_app, mounts), host="localhost") as origin:
        yield origin


def test_sessions_of_two_mounts_do_not_know_each_other(new_profile: Callable[[], Profile], origin: str) -> None:
    tab = new_profile().new_tab()
    tab.open(origin)
    tab.run(BOTH)
    tab.run("await Promise.all([one.login(argument), two.login(argument)])", ALICE)
    assert tab.run(ASK) == [200, 200]
    tab.run("await one.logout()")
    tab.reload()
    tab.run(BOTH)
    assert tab.run(RESTORE) == [False, True]
    assert tab.run(ASK) == [401, 200]
