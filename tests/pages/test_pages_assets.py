"""The files that pages are made of: the stylesheet, the script and the icon."""

import re

from flask.testing import FlaskClient

from flask_renewal.ground.folders import TEMPLATES


def test_stylesheet_script_and_icon_are_kept_for_a_year_under_an_address_of_their_content(client: FlaskClient) -> None:
    page = client.get("/login").text
    for name in ("pages.css", "pages.js", "icon.svg"):
        address = next(part for part in page.split('"') if part.startswith(f"/renewal/{name}?v="))
        asset = client.get(address)
        assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in asset.headers
        again = client.get(f"/renewal/{name}", headers={"If-None-Match": asset.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert "immutable" not in client.get(f"/renewal/{name}").headers["Cache-Control"]


def test_nothing_else_is_served_from_the_folder_of_the_templates(client: FlaskClient) -> None:
    assert client.get("/renewal/base.html").status_code == client.get("/renewal/..%2fsetup.cfg").status_code == 404


def test_every_style_is_in_our_layer_and_below_a_name_of_ours() -> None:
    styles = re.sub(r"/\*.*?\*/", "", (TEMPLATES / "pages.css").read_text(), flags=re.DOTALL).strip()
    opened = [styles[:end].count("{") - styles[:end].count("}") for end in range(len("@layer renewal {"), len(styles))]
    assert styles.startswith("@layer renewal {")
    assert min(opened) == 1, "a style outside of the layer"
    heads = [head for head in re.findall(r"([^{};]+)\{", styles) if not head.strip().startswith("@")]
    named = [selector.strip() for head in heads for selector in re.split(r",(?![^(]*\))", head)]
    assert len(named) > 50
    assert [selector for selector in named if not selector.startswith(".renewal")] == []
