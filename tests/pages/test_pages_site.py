"""The pages in somebody else's site: its name, its addresses, its frame, its parts of a page."""

import re
from collections.abc import Callable

import pytest
from conftest import PASSWORD, Clock
from doc_blocks import DOCS, Block, blocks
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import DictLoader
from pages_kit import register, sign_in

from flask_renewal.ground.folders import TEMPLATES

MakeApp = Callable[..., Flask]
FRAME = "<html><body class=theirs><nav>Their site</nav>{% block main %}{% endblock %}</body></html>"
FORMS = ["login", "register", "confirm"]
BLOCKS = {
    **{name: ["above_form", "below_password", "after_form", "fields"] for name in FORMS},
    "logout": ["after_form"],
    "error": ["way_on"],
    "account": ["above_devices", "below_devices", "below_password", "ways_in"],
}


def browser(make_app: MakeApp, templates: dict[str, str] | None = None, **config: object) -> FlaskClient:
    """Return a browser of a site that has these templates of its own."""
    app = make_app(**config)
    app.jinja_loader = DictLoader({f"renewal/{name}": source for name, source in (templates or {}).items()})
    app.add_url_rule("/front", "front", lambda: "the front page")
    return app.test_client()


def page(client: FlaskClient, name: str, clock: Clock) -> str:
    """Return a page of ours by the name of its template."""
    if name in ("logout", "account", "confirm"):
        register(client)
        sign_in(client.application.test_client())
        clock.tick(minutes=11 if name == "confirm" else 0)
    if name == "confirm":
        return client.post("/account/sessions/end-others").text
    return client.get("/nothing" if name == "error" else f"/{name}", headers={"Accept": "text/html"}).text


def test_the_site_has_its_name_its_logo_and_its_front_page(make_app: MakeApp) -> None:
    site = {"RENEWAL_SITE_NAME": "A & Co", "RENEWAL_SITE_LOGO": "/static/a.png", "RENEWAL_HOME_URL": "front"}
    text = browser(make_app, **site).get("/login").text
    assert "<title>Sign in · A &amp; Co</title>" in text
    assert re.search(r'href="/front">\s*<img src="/static/a.png" alt="" width="28" height="28"> A &amp; Co', text)
    assert "Flask-Renewal" not in text


def test_a_logo_may_be_on_another_host(make_app: MakeApp) -> None:
    answer = browser(make_app, RENEWAL_SITE_LOGO="https://cdn.example.com/a.png?v=1").get("/login")
    assert "img-src 'self' https://cdn.example.com;" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("chosen", ["front", "/front"])
def test_after_signing_in_and_out_people_are_where_the_site_says(make_app: MakeApp, chosen: str) -> None:
    client = browser(make_app, RENEWAL_LOGIN_REDIRECT_URL=chosen, RENEWAL_LOGOUT_REDIRECT_URL=chosen)
    assert register(client).location == "/front"
    assert client.get("/login").location == "/front"
    assert client.post("/logout").location == "/front"
    assert sign_in(client, next="/diary").location == "/diary"
    assert "Sign in to see that page." not in browser(make_app, RENEWAL_LOGIN_REDIRECT_URL=chosen).get("/login").text


@pytest.mark.parametrize("name", BLOCKS)
def test_a_page_stands_in_a_frame_of_the_sites(make_app: MakeApp, clock: Clock, name: str) -> None:
    text = page(browser(make_app, {"base.html": FRAME}), name, clock)
    assert text.startswith("<html><body class=theirs><nav>Their site</nav>")
    assert text.count('<link rel="stylesheet" href="/renewal/pages.css?v=') == 1
    assert text.count('<div class="renewal renewal-') == 1
    assert all(re.search(r' width="\d+" height="\d+"', each) for each in re.findall(r"<(?:svg|img)[^>]*>", text))


def test_our_own_frame_names_the_stylesheet_once_in_its_head(make_app: MakeApp) -> None:
    text = browser(make_app).get("/login").text
    assert text.count("pages.css") == text.partition("</head>")[0].count("pages.css") == 1


def test_what_has_been_done_is_said_in_a_frame_of_the_sites_too(make_app: MakeApp) -> None:
    assert "You are signed out." in browser(make_app, {"base.html": FRAME}).get("/login?notice=signed_out").text


@pytest.mark.parametrize(("name", "block"), [(name, block) for name, blocks in BLOCKS.items() for block in blocks])
def test_a_template_of_the_sites_extends_the_one_whose_place_it_takes(
    make_app: MakeApp, clock: Clock, name: str, block: str
) -> None:
    theirs = f'{{% extends "flask_renewal/{name}.html" %}}{{% block {block} %}}{{{{ super() }}}}THEIRS{{% endblock %}}'
    client = browser(make_app, {f"{name}.html": theirs})
    text = page(client, name, clock)
    assert text.count("THEIRS") == 1
    assert "</html>" in text


@pytest.mark.parametrize("block", ["brand", "head", "who", "foot"])
def test_a_frame_of_the_sites_extends_ours(make_app: MakeApp, block: str) -> None:
    theirs = f'{{% extends "flask_renewal/base.html" %}}{{% block {block} %}}THEIRS{{% endblock %}}'
    text = browser(make_app, {"base.html": theirs}).get("/login").text
    assert text.count("THEIRS") == 1
    assert text.count("pages.css") == 1


def test_a_field_of_the_sites_own_is_made_as_ours_are(make_app: MakeApp) -> None:
    theirs = """{% extends "flask_renewal/register.html" %}
    {% from "renewal/fields.html" import field with context %}
    {% block fields %}{{ super() }}{{ field("email", "E-mail", form, fault, type="email") }}{% endblock %}"""
    client = browser(make_app, {"register.html": theirs})
    again = client.post("/register", data={"username": "bob", "password": "short", "email": "b@example.com"}).text
    assert re.search(r'<input id="email" name="email" type="email" value="b@example.com" required', again)
    assert PASSWORD not in again


@pytest.mark.parametrize("block", blocks("jinja"), ids=str)
def test_a_template_of_the_documentation_makes_a_page(make_app: MakeApp, block: Block) -> None:
    extended = re.findall(r'extends "flask_renewal/(.*)"', block.text)
    name = extended[0] if extended else "base.html"
    client = browser(make_app, {name: block.text}, RENEWAL_HOME_URL="front")
    client.application.jinja_loader.mapping["site.html"] = "<body>{% block body %}{% endblock %}"
    for endpoint in ("forgotten", "passkey", "static"):
        client.application.add_url_rule(f"/{endpoint}", endpoint)
    pages = [client.get(f"/{page}") for page in ("login", "register")]
    assert [page.status_code for page in pages] == [200, 200]
    assert any(word in page.text for page in pages for word in ("renewal.css", "Forgot", "E-mail", "<body>"))


def test_the_documentation_names_every_colour_and_block() -> None:
    told = (DOCS / "pages.md").read_text()
    colours = set(re.findall(r"--renewal(-[\w-]+):", (TEMPLATES / "pages.css").read_text()))
    assert {colour for colour in colours if f"`{colour}`" not in told and f"--renewal{colour}" not in told} == set()
    sources = [path.read_text() for path in TEMPLATES.glob("[!d]*.html") if path.name != "page.html"]
    asked = {name for source in sources for name in re.findall(r"{% block (\w+)", source)}
    assert {name for name in asked - {"content", "width"} if f"`{name}`" not in told} == set()
