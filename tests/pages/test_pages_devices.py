"""The devices on the account page: a line for each, what is folded away, how many."""

import re
from collections.abc import Callable

from conftest import PASSWORD, Clock
from flask import Flask
from flask.testing import FlaskClient
from pages_kit import is_signed_in, leads_to_sign_in, register, sign_in

from flask_renewal.ground.text import DEVICE_MAX_CHARACTERS

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
HOSTILE = '"><img src=x onerror=alert(1)>\u202e'


def test_a_browser_is_named_as_people_do_and_its_own_words_are_folded_away(client: FlaskClient) -> None:
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    register(client)
    summary, folded = re.findall(r"<summary>(.*)</summary>(.*)</details>", client.get("/account").text, re.DOTALL)[0]
    assert "<bdi>Firefox on Linux</bdi>" in summary
    assert FIREFOX not in summary
    assert FIREFOX in folded


def test_every_session_is_listed_and_this_device_marked(client: FlaskClient) -> None:
    register(client)
    sign_in(client.application.test_client(), agent=FIREFOX)
    page = client.get("/account").text
    assert page.count('<li class="renewal-device">') == 2
    assert page.count("This device") == 1
    assert "Firefox on Linux" in page


def test_each_time_is_told_once(client: FlaskClient, clock: Clock) -> None:
    register(client)
    clock.tick(hours=3)
    client.get("/account")
    clock.tick(minutes=5)
    page = re.sub(r"\s+", " ", client.get("/account").text)
    assert re.findall(r'<time[^>]* datetime="([^"]*)"[^>]*>([^<]*)<', page) == [
        ("2026-01-01T15:00:00Z", "5 minutes ago"),
        ("2026-01-01T12:00:00Z", "January 1, 2026, 12:00:00 PM UTC"),
        ("2026-01-08T15:00:00Z", "January 8, 2026, 3:00:00 PM UTC"),
        ("2026-01-31T12:00:00Z", "January 31, 2026, 12:00:00 PM UTC"),
    ]


def test_an_end_that_use_does_not_move_is_told_once(make_app) -> None:
    client = make_app(RENEWAL_SLIDING=False, RENEWAL_SESSION_LIFETIME=7 * 86_400).test_client()
    register(client)
    assert "Ends in any case" not in client.get("/account").text


def test_five_devices_are_shown_this_one_first_and_the_rest_behind_a_link(app: Flask, client: FlaskClient) -> None:
    register(client)
    for _ in range(7):
        sign_in(app.test_client(), agent=FIREFOX)
    few, all_of_them = client.get("/account").text, client.get("/account?devices=all").text
    assert [page.count('<li class="renewal-device">') for page in (few, all_of_them)] == [5, 8]
    assert few.index("This device") < few.index("Firefox on Linux")
    assert '<a href="/account?devices=all#devices">\n    Show 3 more devices</a>' in few
    assert "devices=all" not in all_of_them
    assert "Sign out 7 other devices" in few


def test_what_a_browser_says_of_itself_is_text(client: FlaskClient) -> None:
    client.environ_base["HTTP_USER_AGENT"] = HOSTILE.encode().decode("latin-1")
    register(client)
    page = client.get("/account").text
    assert "<img src=x" not in page
    assert "&#34;&gt;&lt;img" in page


def test_a_device_gets_no_longer_name_than_is_kept(client: FlaskClient) -> None:
    register(client)
    assert f'maxlength="{DEVICE_MAX_CHARACTERS}"' in client.get("/account").text


def test_a_session_that_lasts_as_long_as_it_is_used_has_no_other_end(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_SESSION_LIFETIME=None).test_client()
    register(client)
    assert is_signed_in(client.get("/account"))


def test_a_session_that_is_bound_to_a_device_is_renewed_on_a_page_together_with_it(
    app: Flask, client: FlaskClient
) -> None:
    register(client)
    bound = {"username": "alice", "password": PASSWORD, "device_id": "device-1"}
    phone = app.test_client()
    phone.post("/auth/login", json=bound)
    assert leads_to_sign_in(phone.get("/account", headers={"X-Device-Id": "device-2"}))
    assert is_signed_in(phone.get("/account", headers={"X-Device-Id": "device-1"}))
