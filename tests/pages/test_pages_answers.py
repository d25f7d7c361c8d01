"""Headers of every page, refusals as pages, and whom the pages believe."""

import re
from collections.abc import Callable

import pytest
from answers import away, cookies, session_count
from conftest import PASSWORD
from cookie_names import TOKENS, called
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from hosts import services_of
from pages_kit import EVIL_FORM, is_signed_in, register, set_names, sign_in

READER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = ["/login", "/register", "/account", "/nothing"]
UNTRUSTED = {
    "another site": EVIL_FORM,
    "a sibling": {"Sec-Fetch-Site": "same-site", "Origin": "https://blog.example.com"},
    "a sandboxed frame": {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    "an older browser on another site": {"Origin": "https://evil.example.com"},
    "an older browser without an origin": {"Origin": "null"},
}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_keeps_to_itself(client: FlaskClient, path: str) -> None:
    register(client)
    if path in ("/login", "/register"):
        client.post("/logout")
    headers = client.get(path, headers=READER).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert (policy["form-action"], policy["style-src"]) == ("'self'", "'self'")
    assert policy["script-src"].startswith("'nonce-")
    assert "unsafe" not in str(policy)
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_script_no_style_of_its_own_and_no_file_from_elsewhere(client: FlaskClient, path: str) -> None:
    register(client)
    answer = client.get(path, headers=READER)
    if answer.status_code == 303:
        answer = client.get("/account")
    nonces = re.findall(r'<script src="/renewal/pages.js[^"]*" nonce="([^"]*)" defer></script>', answer.text)
    assert answer.text.count("<script") == len(nonces) == 1
    assert f"script-src 'nonce-{nonces[0]}';" in answer.headers["Content-Security-Policy"]
    assert "style=" not in answer.text
    assert "<style" not in answer.text
    assert "//" not in answer.text.replace("<!doctype html>", "")
    assert "img-src 'self';" in answer.headers["Content-Security-Policy"]


def test_no_two_pages_have_the_same_nonce(client: FlaskClient) -> None:
    assert len({client.get("/login").headers["Content-Security-Policy"] for _ in range(3)}) == 3


def test_what_is_no_page_may_run_no_script(client: FlaskClient) -> None:
    for answer in (client.post("/logout"), client.get("/renewal/icon.svg")):
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_https_only_is_asked_for_over_https_and_not_over_http(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers
    secure = client.get("/login", base_url="https://pages.example.com")
    assert int(secure.headers["Strict-Transport-Security"].partition("max-age=")[2]) >= 31_536_000


@pytest.mark.parametrize("headers", UNTRUSTED.values(), ids=UNTRUSTED)
@pytest.mark.parametrize("path", ["/login", "/register", "/logout"])
def test_a_form_from_elsewhere_is_refused_with_a_page_that_helps(
    app: Flask, client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    register(client)
    answer = client.post(path, data={"username": "bob", "password": PASSWORD}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "another website, so nothing was done" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert session_count(app) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}, {}],
    ids=["our own form without its origin", "our own form in an older browser", "no browser"],
)
def test_our_own_forms_are_accepted(client: FlaskClient, headers: dict[str, str]) -> None:
    register(client)
    client.post("/logout")
    answer = client.post("/login", data={"username": "alice", "password": PASSWORD}, headers=headers)
    assert (answer.status_code, set_names(answer)) == (303, TOKENS)


@pytest.mark.parametrize("path", ["/nothing", "/account/nothing", "/healthz/x"])
def test_an_address_of_nothing_is_a_page_for_people_and_a_problem_for_programs(client: FlaskClient, path: str) -> None:
    assert (client.get(path, headers=READER).status_code, client.get(path, headers=READER).mimetype) == (
        404,
        "text/html",
    )
    assert client.get(path).mimetype == "application/problem+json"


def test_the_api_speaks_json_even_to_a_reader_of_pages(client: FlaskClient) -> None:
    for path in ("/auth/nothing", "/auth/sessions"):
        assert client.get(path, headers=READER).mimetype == "application/problem+json"


def test_a_wrong_method_is_told_with_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/account/password", headers=READER)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/nothing", 404, "There is nothing at this address."),
        ("/account/password", 405, "There is nothing to see at this address."),
        ("/account", 503, "This site cannot reach its database just now. You have not been signed out."),
    ],
)
def test_a_page_that_cannot_be_shown_says_why_in_words(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, status: int, sentence: str
) -> None:
    register(client)
    monkeypatch.setattr(services_of(app).store, "list", away)
    answer = client.get(path, headers=READER)
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert ("Retry-After" in answer.headers) is (status == 503)


@pytest.mark.parametrize(
    ("status", "title", "sentence"),
    [
        (400, "That did not work", "Your browser sent something that this site cannot read."),
        (413, "Too long", "That is more than this site takes in."),
        (429, "Too many attempts", "Please wait a minute, then try again."),
    ],
)
def test_what_the_host_refuses_on_a_page_of_ours_is_told_in_our_words(
    make_app: Callable[..., Flask], status: int, title: str, sentence: str
) -> None:
    app = make_app()
    app.before_request(lambda: abort(status))
    answer = app.test_client().get("/login", headers=READER)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert f"<title>{title} " in answer.text
    assert sentence in answer.text


def test_the_host_may_lead_elsewhere_from_a_page_of_ours(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    app.before_request(lambda: abort(redirect("/closed")))
    answer = app.test_client().get("/login", headers=READER)
    assert (answer.status_code, answer.location) == (302, "/closed")


def test_a_fault_of_ours_is_a_page_without_a_trace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.extensions["flask-renewal"].accounts, "authenticate", fail)
    answer = sign_in(app.test_client())
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "It is our fault, not yours." in answer.text
    assert "secret detail" not in answer.text


@pytest.mark.parametrize("host", ["evil.example.com", "user@pages.example.com"])
def test_an_unknown_host_is_refused_before_anything_else(make_app, host: str) -> None:
    client = make_app(TRUSTED_HOSTS=["pages.example.com"]).test_client()
    for answer in (
        client.get("/login", headers={"Host": host, **READER}),
        client.post("/login", headers={"Host": host}),
    ):
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "pages.example.com", "X-Forwarded-For": "192.0.2.1"}


def test_forwarded_headers_are_not_believed_by_themselves(client: FlaskClient) -> None:
    answer = client.post("/register", data={"username": "alice", "password": PASSWORD}, headers=FORWARDED)
    assert set(cookies(answer)) == TOKENS
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.location == "/account"


def test_the_headers_of_as_many_proxies_as_are_set_are_believed(make_app) -> None:
    client = make_app(RENEWAL_TRUSTED_PROXIES=1).test_client()
    answer = client.post("/register", data={"username": "alice", "password": PASSWORD}, headers=FORWARDED)
    assert set(cookies(answer)) == {called(name, "https://pages.example.com") for name in TOKENS}
    assert "Strict-Transport-Security" in answer.headers


def test_behind_a_prefix_every_address_has_it(make_app) -> None:
    client = make_app(RENEWAL_TRUSTED_PROXIES=1).test_client()
    page = client.get("/account?tab=1", headers={"X-Forwarded-Prefix": "/app"})
    assert page.location == "/app/login?next=/app/account?tab%3D1"
    assert 'action="/app/login"' in client.get("/login", headers={"X-Forwarded-Prefix": "/app"}).text


def test_the_front_page_leads_to_the_account(client: FlaskClient) -> None:
    register(client)
    assert is_signed_in(client.get("/", follow_redirects=True))
