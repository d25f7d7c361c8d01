"""Pages of a host application behind the same guard."""

from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from answers import is_cleared
from conftest import Clock
from cookie_names import TOKENS
from flask import Flask, Response, request
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_jwt_extended import current_user, get_jwt_identity
from hosts import make_host
from hosts import sign_in as start_session
from pages_kit import EVIL_FORM, lay, register, set_names

from flask_renewal import ConfigurationError, Grant, install_pages, page_required
from flask_renewal.identity.sessions.grants import Origin

User = namedtuple("User", ["username"])


def add_pages(app: Flask) -> None:
    """Add the host's own pages: one guarded, one that a shared cache may keep, one that fails."""
    install_pages(app)

    @app.route("/diary", methods=["GET", "POST"])
    @page_required
    def diary() -> str:
        return f"{current_user.username} {get_jwt_identity()} {request.form.get('entry', '')}"

    @app.get("/cached")
    @page_required
    def cached() -> Response:
        return Response("cached", headers={"Cache-Control": "public, max-age=600"})

    @app.get("/failing")
    @page_required
    def failing() -> Response:
        raise RuntimeError("host")


@pytest.fixture
def host(tmp_path: Path, clock: Clock) -> Flask:
    app = make_host(tmp_path / "host", clock, PROPAGATE_EXCEPTIONS=False)
    add_pages(app)
    return app


@pytest.fixture
def visitor(host: Flask) -> FlaskClient:
    """Return a browser that has a refresh cookie only, as after a sign-in through the API."""
    client = host.test_client()
    lay(client, refresh_token=grant(host).refresh_token)
    return client


def grant(host: Flask) -> Grant:
    return start_session(host)


def test_a_stranger_is_sent_to_sign_in_and_back(host: Flask) -> None:
    answer = host.test_client().get("/diary?page=2")
    assert (answer.status_code, answer.location) == (303, "/login?next=/diary?page%3D2")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_strangers_form_leads_to_sign_in_without_a_way_back(host: Flask) -> None:
    assert host.test_client().post("/diary").location == "/login"


def test_a_sign_in_through_the_api_opens_the_pages_too(visitor: FlaskClient) -> None:
    answer = visitor.get("/diary")
    assert answer.text.startswith("alice id-of-alice")
    assert set_names(answer) == TOKENS
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_whom_the_hosts_lookup_does_not_find_is_sent_to_sign_in(host: Flask, visitor: FlaskClient) -> None:
    banned: list[str] = []
    manager = host.extensions["flask-jwt-extended"]
    manager.user_lookup_loader(lambda header, claims: None if claims["sub"] in banned else User(claims["sub"]))
    assert visitor.get("/diary").text.startswith("id-of-alice id-of-alice")
    banned.append("id-of-alice")
    assert visitor.get("/diary").location == "/login?next=/diary"


def test_a_form_of_the_host_is_renewed_and_handled(visitor: FlaskClient) -> None:
    assert visitor.post("/diary", data={"entry": "Dear diary"}).text.endswith("Dear diary")


def test_a_form_of_the_host_from_another_site_is_refused(visitor: FlaskClient) -> None:
    answer = visitor.post("/diary", data={"entry": "planted"}, headers=EVIL_FORM)
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "Set-Cookie" not in answer.headers


def test_an_answer_with_tokens_is_in_no_shared_cache_whatever_the_host_says(visitor: FlaskClient) -> None:
    answer = visitor.get("/cached")
    assert set_names(answer) == TOKENS
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_view_that_fails_still_hands_out_what_was_rotated(visitor: FlaskClient) -> None:
    answer = visitor.get("/failing")
    assert (answer.status_code, set_names(answer)) == (500, TOKENS)


def test_a_blocklist_of_the_host_counts_for_pages_too(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "host", clock)
    add_pages(app)
    app.extensions["flask-jwt-extended"].token_in_blocklist_loader(lambda header, claims: True)
    client = app.test_client()
    lay(client, refresh_token=grant(app).refresh_token)
    assert client.get("/diary").location == "/login?next=/diary"


def test_an_access_token_in_a_cookie_opens_no_route_of_the_api(host: Flask) -> None:
    client = host.test_client()
    lay(client, access_token=grant(host).access_token)
    assert client.get("/access_required").status_code == client.get("/jwt_required").status_code == 401
    assert client.get("/diary").status_code == 200


def test_a_session_bound_to_a_device_keeps_its_cookie(host: Flask) -> None:
    client = host.test_client()
    lay(client, refresh_token=start_session(host, origin=Origin(device_id="a phone")).refresh_token)
    answer = client.get("/diary")
    assert answer.status_code == 303
    assert not any(is_cleared(answer, name) for name in TOKENS)


def test_a_page_of_the_host_takes_the_place_of_ours(tmp_path: Path, clock: Clock) -> None:
    templates = tmp_path / "templates" / "renewal"
    templates.mkdir(parents=True)
    (templates / "login.html").write_text("the host's own")
    (tmp_path / "templates" / "register.html").write_text("something else of the host's")
    app = make_host(tmp_path / "host", clock, prepare=lambda app: _look_in(app, tmp_path / "templates"))
    install_pages(app)
    assert app.test_client().get("/login").text == "the host's own"
    assert "Create an account" in app.test_client().get("/register").text


def _look_in(app: Flask, folder: Path) -> None:
    app.template_folder = str(folder)


def test_the_language_that_a_host_chooses_is_spoken(tmp_path: Path, clock: Clock) -> None:
    prepare: Callable[[Flask], object] = lambda app: Babel(app, locale_selector=lambda: "zh_Hans_CN")  # noqa: E731
    app = make_host(tmp_path / "host", clock, prepare=prepare)
    install_pages(app)
    assert "登录" in app.test_client().get("/login", headers={"Accept-Language": "en"}).text


def test_a_hosts_own_error_pages_stay_its_own(host: Flask) -> None:
    answer = host.test_client().get("/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Flask-Renewal" not in answer.text


def test_pages_without_the_extension_say_what_is_missing() -> None:
    with pytest.raises(ConfigurationError, match="call Renewal"):
        install_pages(Flask("bare"))


def test_the_pages_of_one_process_serve_two_applications(tmp_path: Path, clock: Clock) -> None:
    for name in ("one", "two"):
        app = make_host(tmp_path / name, clock)
        install_pages(app)
        client = app.test_client()
        assert register(client).status_code == 303
        assert client.get("/account").status_code == 200


def test_a_host_with_a_sign_in_page_of_its_own_mounts_ours_elsewhere(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "host", clock)
    install_pages(app, url_prefix="/members")
    client = app.test_client()
    assert client.get("/login").status_code == 404
    assert client.get("/members/account").location == "/members/login?next=/members/account"
    assert 'action="/members/login"' in client.get("/members/login").text
