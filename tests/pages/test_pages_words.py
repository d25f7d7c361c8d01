"""The words of the pages: nothing said past the catalogue, the language chosen by the browser."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import PASSWORD, Clock
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from hosts import make_host
from jinja2 import Environment, nodes
from pages_kit import EVIL_FORM, register, sign_in

from flask_renewal import install_pages
from flask_renewal.entrances.pages.words import browser_name, moment, spoken
from flask_renewal.ground.folders import TEMPLATES
from flask_renewal.identity.services import EXTENSION

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
NAMES = r"Flask-Renewal|alice|UTC|Firefox|Linux|AM|PM"
"""Words that are the same in every language."""


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("[!d]*.html")), ids=lambda path: path.name)
def test_a_template_says_nothing_past_the_catalogue(path: Path) -> None:
    """All but docs.html, which is the API's and speaks English."""
    written = "".join(data.data for data in Environment().parse(path.read_text()).find_all(nodes.TemplateData))
    shown = re.sub(r"<[^>]*>|\bwide\b|\bnarrow\b", "", written)
    spoken = re.findall(r'(?:title|alt|placeholder|aria-label)="([^"]*[a-z]+[^"]*)"', written)
    assert not re.findall(r"\b[A-Za-z]{2,}\b", shown)
    assert not spoken


def english_in(page: str) -> set[str]:
    text = re.sub(r"<p class=\"renewal-agent.*?</p>|<[^>]*>", " ", page.replace("\n", " "))
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(rf"\b(?:{NAMES})\b", "", text)))


PAGES = {
    "sign in": lambda client: client.get("/login?next=/x", headers=CHINESE),
    "register": lambda client: client.get("/register", headers=CHINESE),
    "a wrong password": lambda client: sign_in(client, password="a wrong password"),
    "a taken name": register,
    "a weak password": lambda client: client.post("/register", data={"username": "bob", "password": "x"}),
    "a huge password": lambda client: client.post("/register", data={"username": "bob", "password": "x" * 2000}),
    "an odd name": lambda client: client.post("/register", data={"username": " bob", "password": PASSWORD}),
    "nothing typed": lambda client: client.post("/login", data={}),
    "too often": lambda client: [sign_in(client, password="a wrong password") for _ in range(11)][-1],
    "another site": lambda client: client.post("/login", headers={**CHINESE, **EVIL_FORM}),
    "nothing here": lambda client: client.get("/nothing", headers={**CHINESE, "Accept": "text/html"}),
    "signed out": lambda client: client.get("/login?notice=signed_out", headers=CHINESE),
}


@pytest.mark.parametrize("look", PAGES.values(), ids=PAGES)
def test_no_english_is_left_on_a_chinese_page(client: FlaskClient, look) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = CHINESE["Accept-Language"]
    register(client)
    client.post("/logout")
    page = look(client).text
    assert '<html lang="zh-Hans" dir="ltr">' in page
    assert not english_in(page)


NOTICES = ["ended", "reused", "ended_others&n=2", "ended_others", "renamed", "password_changed&n=2"]


@pytest.mark.parametrize("notice", NOTICES)
def test_no_english_is_left_on_the_chinese_account_page(client: FlaskClient, clock: Clock, notice: str) -> None:
    register(client)
    for agent in ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "unheard of"):
        sign_in(client.application.test_client(), agent=agent)
    clock.tick(minutes=12)
    page = client.get(f"/account?notice={notice}", headers=CHINESE).text
    assert not english_in(page)
    assert 'role="status"' in page
    assert "12分钟前" in page
    assert not english_in(client.post("/account/sessions/end-others", headers=CHINESE).text)


CHOICES = {
    "zh-CN,zh;q=0.9,en;q=0.8": "zh-Hans",
    "zh-TW": "zh-Hans",
    "zh_Hans": "zh-Hans",
    "en-US,en;q=0.9,zh-CN;q=0.8": "en",
    "it,zh-CN;q=0.5,en;q=0.3": "zh-Hans",
    "de-AT": "de",
    "fr_CA,en;q=0.9": "fr",
    "es-419": "es",
    "ja,en;q=0.9": "ja",
    "zh;q=0.3,en;q=0.7": "en",
    "it": "en",
    "*": "en",
    "": "en",
    "nonsense;;;q=x": "en",
}


@pytest.mark.parametrize(("accepted", "chosen"), CHOICES.items())
def test_the_page_speaks_the_first_language_that_the_browser_asks_for(
    client: FlaskClient, accepted: str, chosen: str
) -> None:
    page = client.get("/login", headers={"Accept-Language": accepted})
    assert f'<html lang="{chosen}"' in page.text
    assert "Accept-Language" in page.headers["Vary"].split(", ")


@pytest.mark.parametrize(("length", "chosen"), [(1000, "de"), (1001, "en")])
def test_of_a_long_list_of_languages_nothing_is_read(client: FlaskClient, length: int, chosen: str) -> None:
    accepted = "de" + ",it" * length
    assert f'<html lang="{chosen}"' in client.get("/login", headers={"Accept-Language": accepted[:length]}).text


def test_whoever_reads_none_of_the_languages_is_shown_the_first(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_LANGUAGES=["de", "en"]).test_client()
    assert '<html lang="de"' in client.get("/login", headers={"Accept-Language": "it"}).text


def test_where_the_hosts_language_is_none_of_ours_the_first_is_shown(tmp_path: Path, clock: Clock) -> None:
    host = make_host(tmp_path, clock)
    Babel(host, locale_selector=lambda: "it")
    install_pages(host)
    with host.test_request_context():
        assert spoken().name == "en"


def test_the_hosts_templates_get_nothing_of_ours(app: Flask) -> None:
    assert "datetimeformat" not in app.jinja_env.filters


def test_a_moment_is_told_as_people_say_it_and_in_the_zone_of_the_site(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(BABEL_DEFAULT_TIMEZONE="Asia/Kolkata")
    past = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    with app.test_request_context():
        now, later = moment(past, now=past + timedelta(seconds=59)), moment(past, now=past + timedelta(minutes=1))
    assert (now.words, later.words, now.iso) == ("just now", "1 minute ago", "2026-01-01T12:00:00Z")
    assert "5:30:00" in now.full


AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0": "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
    " Safari/537.36 Edg/142.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4"
    " Safari/605.1.15": "Safari on macOS",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile"
    " Safari/537.36": "Chrome on Android",
    "curl/8.1": "curl",
    "something on (Windows NT 10.0)": "Windows",
    "x" * 256: "Unknown browser",
    "": "Unknown browser",
}


@pytest.mark.parametrize(("agent", "name"), AGENTS.items())
def test_a_browser_has_a_readable_name(app: Flask, agent: str, name: str) -> None:
    assert EXTENSION in app.extensions
    with app.test_request_context():
        assert browser_name(agent) == name
