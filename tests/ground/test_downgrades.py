"""A proxy that says nothing of TLS is noticed: the cookie does not lose Secure and prefix without a word."""

from collections.abc import Callable

import pytest
from answers import cookies
from conftest import PASSWORD
from cookie_names import REFRESH, called
from flask import Flask
from flask.testing import FlaskClient

from flask_renewal.entrances.check import review

ALICE = {"username": "alice", "password": PASSWORD}
SHOP = {"Origin": "https://shop.example.com", "Sec-Fetch-Site": "same-origin"}
LOCAL = "http://127.0.0.1:5000"

Make = Callable[..., Flask]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.code for record in caplog.records if record.name == "flask_renewal" and hasattr(record, "code")]


DOUBTED = {
    "a page over https and a loopback name": (LOCAL, SHOP, ["cookie_downgraded"]),
    "a page over https and its own name": ("http://shop.example.com", SHOP, ["secure_cookie_over_http"]),
    "an address of the local network": ("http://192.168.1.7:5000", {}, ["secure_cookie_over_http"]),
    "a loopback name": (LOCAL, {"Origin": LOCAL}, []),
    "a developer's https before a loopback name": (LOCAL, {**SHOP, "Origin": "https://localhost:5173"}, []),
    "https": ("https://shop.example.com", SHOP, []),
    "no browser": (LOCAL, {}, []),
}


@pytest.mark.parametrize(("base_url", "headers", "codes"), DOUBTED.values(), ids=DOUBTED)
def test_a_cookie_that_may_not_be_what_it_should_be_is_told_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, base_url: str, headers: dict[str, str], codes: list[str]
) -> None:
    assert client.post("/auth/register", json=ALICE, base_url=base_url, headers=headers).status_code == 201
    assert told(caplog) == codes


def test_the_pages_say_it_too_and_all_say_it_once(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        client.post("/register", data=ALICE, base_url=LOCAL, headers=SHOP)
        client.post("/login", data=ALICE, base_url=LOCAL, headers=SHOP)
    assert told(caplog) == ["cookie_downgraded"]
    assert "set RENEWAL_TRUSTED_PROXIES" in caplog.text


@pytest.mark.parametrize("secure", [True, False])
def test_who_has_decided_is_told_nothing(make_app: Make, caplog: pytest.LogCaptureFixture, secure: bool) -> None:
    client = make_app(JWT_COOKIE_SECURE=secure).test_client()
    client.post("/auth/register", json=ALICE, base_url=LOCAL, headers=SHOP)
    assert told(caplog) == []


def test_the_mend_that_the_log_names_makes_the_cookie_secure(make_app: Make) -> None:
    client = make_app(RENEWAL_TRUSTED_PROXIES=1).test_client()
    headers = {**SHOP, "X-Forwarded-Proto": "https"}
    made = client.post("/auth/register", json=ALICE, base_url=LOCAL, headers=headers)
    assert list(cookies(made)) == [called(REFRESH, "https://shop.example.com")]


@pytest.mark.parametrize(
    ("config", "is_told"),
    [
        ({}, True),
        ({"TRUSTED_HOSTS": ["shop.example.com", "localhost"]}, True),
        ({"TRUSTED_HOSTS": ["shop.example.com"]}, False),
        ({"RENEWAL_TRUSTED_PROXIES": 1}, False),
        ({"JWT_COOKIE_SECURE": True}, False),
        ({"JWT_COOKIE_SAMESITE": "None"}, False),
    ],
    ids=str,
)
def test_the_check_says_which_cookie_such_a_proxy_gets(
    make_app: Make, config: dict[str, object], is_told: bool
) -> None:
    found = [each for each in review(make_app(**config), url="https://shop.example.com") if "downgraded" in each.code]
    assert [called(REFRESH, LOCAL) in each.what for each in found] == ([True] if is_told else [])
