"""Where people sign in: on our page, or where the host says; and who is to see it."""

from pathlib import Path

import pytest
from conftest import Clock
from flask import Flask
from proving import Site

from flask_renewal.guard.sign_in_page import is_navigation, sign_in_url


def test_our_page_is_where_accounts_are_ours(app: Flask) -> None:
    with app.test_request_context("/"):
        assert sign_in_url() == "/login"
        assert sign_in_url(onward="/a?b=c&d") == "/login?next=/a?b%3Dc%26d"


@pytest.mark.parametrize(
    ("address", "plain", "onward"),
    [
        ("/enter", "/enter", "/enter?next=/a%3Fb"),
        ("/enter?lang=de", "/enter?lang=de", "/enter?lang=de&next=/a%3Fb"),
        ("https://id.example/in", "https://id.example/in", "https://id.example/in?next=http%3A//localhost/a%3Fb"),
        ("do", "/do", "/do?next=/a?b"),
        (None, None, None),
    ],
    ids=str,
)
def test_a_host_says_where_its_own_page_is(
    tmp_path: Path, clock: Clock, address: str | None, plain: str | None, onward: str | None
) -> None:
    site = Site(tmp_path, clock, RENEWAL_LOGIN_URL=address)
    with site.app.test_request_context("/"):
        assert (sign_in_url(), sign_in_url(onward="/a?b")) == (plain, onward)


@pytest.mark.parametrize(
    ("headers", "navigates"),
    [
        ({}, True),
        ({"Sec-Fetch-Mode": "navigate"}, True),
        ({"Sec-Fetch-Mode": "cors"}, False),
        ({"Sec-Fetch-Mode": "navigate", "HX-Request": "true"}, False),
        ({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, True),
        ({"Accept": "*/*"}, False),
        ({"Accept": "application/json"}, False),
        ({"Accept": "text/html", "Sec-Fetch-Mode": "cors"}, False),
        ({"Accept": "*/*", "Sec-Fetch-Mode": "navigate"}, True),
    ],
    ids=str,
)
def test_what_is_looked_at_is_told_from_what_a_script_asks_for(
    app: Flask, headers: dict[str, str], navigates: bool
) -> None:
    with app.test_request_context("/", headers=headers):
        assert is_navigation() is navigates
