"""The files that pages are made of: the stylesheet and the icon."""

from flask.testing import FlaskClient


def test_stylesheet_and_icon_are_kept_for_a_year_under_an_address_of_their_content(client: FlaskClient) -> None:
    page = client.get("/login").text
    for name in ("pages.css", "icon.svg"):
        address = next(part for part in page.split('"') if part.startswith(f"/renewal/{name}?v="))
        asset = client.get(address)
        assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in asset.headers
        assert "immutable" not in client.get(f"/renewal/{name}").headers["Cache-Control"]


def test_nothing_else_is_served_from_the_folder_of_the_templates(client: FlaskClient) -> None:
    assert client.get("/renewal/base.html").status_code == client.get("/renewal/..%2fsetup.cfg").status_code == 404
