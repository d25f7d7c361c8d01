"""Beside Flask-Talisman: our answers go out with its headers, over https, and the pages still look as they should."""

from collections.abc import Callable
from functools import partial

from beside import beside, extension, orders
from conftest import PASSWORD
from flask import Flask

from flask_renewal import install_pages

flask_talisman = extension("flask_talisman")

SITE = "https://www.example.com"


def adopted(adopt: Callable[..., Flask], ours_first: bool) -> Flask:
    app = beside(adopt, flask_talisman.Talisman, ours_first=ours_first)
    install_pages(app)
    return app


@orders
def test_people_sign_in_over_https(adopt: Callable[..., Flask], ours_first: bool) -> None:
    client = adopted(adopt, ours_first).test_client()
    alice = {"username": "alice", "password": PASSWORD}
    assert client.post("/auth/register", json=alice, base_url=SITE).status_code == 201
    answer = client.post("/auth/refresh", base_url=SITE)
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (200, "SAMEORIGIN")
    assert answer.headers["Cache-Control"] == "no-store"


@orders
def test_it_leads_plain_http_to_https_before_we_are_asked(adopt: Callable[..., Flask], ours_first: bool) -> None:
    answer = adopted(adopt, ours_first).test_client().post("/auth/login", base_url="http://www.example.com")
    assert (answer.status_code, answer.location) == (302, "https://www.example.com/auth/login")


@orders
def test_the_pages_need_no_more_than_its_policy_lets_them(adopt: Callable[..., Flask], ours_first: bool) -> None:
    page = adopted(adopt, ours_first).test_client().get("/login", base_url=SITE)
    assert page.headers["Content-Security-Policy"] == "default-src 'self'; object-src 'none'"
    assert not [tag for tag in ("<style", " style=", "<script>", "data:", "http") if tag in page.text]


@orders
def test_what_it_says_of_https_is_said_once(adopt: Callable[..., Flask], ours_first: bool) -> None:
    app = adopted(partial(adopt, RENEWAL_HSTS=60), ours_first)
    answer = app.test_client().get("/login", base_url=SITE)
    assert answer.headers.getlist("Strict-Transport-Security") == ["max-age=31556926; includeSubDomains"]
