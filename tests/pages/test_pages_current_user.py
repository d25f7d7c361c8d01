"""Who is signed in, in every template of a host."""

from collections import namedtuple
from pathlib import Path

import pytest
from conftest import Clock
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from hosts import make_host, services_of
from hosts import sign_in as start_session
from pages_kit import lay
from statements import statements
from werkzeug.exceptions import NotFound

from flask_renewal import install_pages
from flask_renewal.ground.errors import StoreUnavailableError

User = namedtuple("User", ["username"])

GREETING = "{% if current_user %}Hello {{ current_user.username }}{% else %}Hello stranger{% endif %}"


def add_pages(app: Flask) -> None:
    install_pages(app)
    app.add_url_rule("/hello", "hello", lambda: render_template_string(GREETING))


@pytest.fixture
def host(tmp_path: Path, clock: Clock) -> Flask:
    app = make_host(tmp_path / "host", clock)
    add_pages(app)
    return app


@pytest.fixture
def visitor(host: Flask) -> FlaskClient:
    """Return a browser that has a refresh cookie only, as after a sign-in through the API."""
    client = host.test_client()
    lay(client, refresh_token=start_session(host).refresh_token)
    return client


def test_templates_know_who_is_signed_in(host: Flask, visitor: FlaskClient) -> None:
    assert visitor.get("/hello").text == "Hello alice"
    assert visitor.get("/hello").headers["Cache-Control"] == "no-store"
    stranger = host.test_client().get("/hello")
    assert (stranger.text, "Cache-Control" in stranger.headers) == ("Hello stranger", False)


@pytest.mark.parametrize("order", ["before", "after", "as a global"])
def test_a_current_user_of_the_hosts_takes_the_place_of_ours(tmp_path: Path, clock: Clock, order: str) -> None:
    app = make_host(tmp_path / "other", clock)
    if order == "before":
        app.context_processor(lambda: {"current_user": User("carol")})
    add_pages(app)
    if order == "after":
        app.context_processor(lambda: {"current_user": User("carol")})
    elif order == "as a global":
        app.jinja_env.globals["current_user"] = User("carol")
    assert app.test_client().get("/hello").text == "Hello carol"


def test_templates_work_outside_a_request(host: Flask) -> None:
    with host.app_context():
        assert render_template_string(GREETING + "{{ current_user.username }}") == "Hello stranger"


def test_nobody_is_looked_up_where_no_template_asks(host: Flask, visitor: FlaskClient) -> None:
    assert "Set-Cookie" not in visitor.get("/nothing").headers


@pytest.mark.parametrize("fault", [StoreUnavailableError(), NotFound()], ids=["no answer", "not found"])
def test_a_page_is_shown_though_nobody_can_tell_whose_it_is(
    host: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def load(user_id: str) -> None:
        raise fault

    monkeypatch.setattr(services_of(host).users, "load", load)
    assert visitor.get("/hello").text == "Hello stranger"


def test_a_deleted_user_is_nobody(host: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_of(host).users, "load", lambda user_id: None)
    assert visitor.get("/hello").text == "Hello stranger"


def test_of_whom_nothing_is_known_is_asked_once(host: Flask, visitor: FlaskClient) -> None:
    host.add_url_rule("/twice", "twice", lambda: render_template_string(f"{GREETING}, {GREETING}"))
    services_of(host).sessions.end_all("id-of-alice", reason="test")
    with statements(host) as sent:
        assert visitor.get("/twice").text == "Hello stranger, Hello stranger"
    assert sum("UPDATE renewal_session" in statement for statement in sent) == 1
