"""The pages in each of the three engines, WebKit among them: axe, background requests by htmx, and back again."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PASSWORD
from everything import missing
from flask import Flask, Response
from patience import PATIENCE

from flask_renewal import page_required

from .looking import violations_in
from .tabs import Profile, ScriptError, Tab, WebKitProfile

ROOT = Path(__file__).parents[2]
HTMX = ROOT / "src" / "browser" / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
[LISTENER] = re.findall(
    r"^```js\n(.*?htmx.*?)^```$", (ROOT / "docs" / "pages.md").read_text(), re.MULTILINE | re.DOTALL
)
DIARY = f"""<!doctype html><title>Diary</title><script src="/htmx.js"></script><script>{LISTENER}</script>
<button id="more" hx-get="/diary/more" hx-target="#list">More</button><div id="list"></div>"""
TYPE = """
for (const [id, text] of Object.entries(argument)) document.getElementById(id).value = text;
setTimeout(() => document.querySelector("button.renewal-primary").click());
"""


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app()
    app.add_url_rule("/diary", "diary", page_required(lambda: DIARY))
    app.add_url_rule("/diary/more", "more", page_required(lambda: "<p>an entry</p>"))
    app.add_url_rule("/htmx.js", "htmx", lambda: Response(HTMX.read_text(), mimetype="text/javascript"))
    return app


@pytest.fixture
def site(app: Flask, serve: Callable[..., str]) -> str:
    app.test_client().post("/auth/register", json={"username": "alice", "password": PASSWORD})
    return serve(app)


def until(tab: Tab, expression: str) -> None:
    """Wait for what a page is to say, whatever page comes meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if tab.run(f"return Boolean({expression});"):
                return
        except ScriptError:  # a page is just being left
            pass
        time.sleep(0.02)
    raise AssertionError(f"{expression} has not become true: {tab.run('return document.body.innerText;')}")


def sign_in(tab: Tab, onward: str) -> None:
    tab.run(TYPE, {"username": "alice", "password": PASSWORD})
    until(tab, f"location.pathname === '{onward}' && document.readyState === 'complete'")


def end_all_others(app: Flask) -> None:
    """End every session of alice but one that begins here, as from another device."""
    other = app.test_client()
    token = other.post("/auth/login", json={"username": "alice", "password": PASSWORD}).json["access_token"]
    assert other.delete("/auth/sessions", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_htmx_is_told_where_to_sign_in_and_the_person_why(
    new_profile: Callable[[], Profile], app: Flask, site: str
) -> None:
    if not HTMX.exists():
        missing("run `npm ci` in src/browser first")
    tab = new_profile().new_tab()
    tab.open(f"{site}/diary")
    sign_in(tab, "/diary")
    tab.run("document.getElementById('more').click();")
    until(tab, "document.getElementById('list').innerText === 'an entry'")
    end_all_others(app)
    tab.run("setTimeout(() => document.getElementById('more').click());")
    until(tab, "location.pathname === '/login' && document.readyState === 'complete'")
    assert "This device was signed out from another one." in tab.run("return document.body.innerText;")
    sign_in(tab, "/diary")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("new_profile", ["webkit"], indirect=True)
def test_no_page_breaks_a_rule_of_accessibility_in_webkit(
    new_profile: Callable[[], WebKitProfile], site: str, axe: str, width: int
) -> None:
    """The other two engines have more looks, in `test_pages_looks`."""
    profile, found = new_profile(), []
    tab = profile.new_tab()
    profile.driver.set_window_size(width, 800)
    for path in ("/login?next=/somewhere", "/register", "/nothing"):
        tab.open(f"{site}{path}")
        found += violations_in(tab, axe)
    tab.open(f"{site}/login")
    sign_in(tab, "/account")
    tab.run("document.querySelector('summary').click();")
    found += violations_in(tab, axe)
    tab.open(f"{site}/logout")
    found += violations_in(tab, axe)
    assert found == []
