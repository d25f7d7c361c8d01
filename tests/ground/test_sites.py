"""Which origins belong together."""

import pytest

from flask_renewal.ground.sites import host_of, is_trustworthy, origin, relation, site_of


@pytest.mark.parametrize(
    ("scheme", "host", "written"),
    [
        ("https", "API.example.com", "https://api.example.com"),
        ("https", "api.example.com:443", "https://api.example.com"),
        ("http", "api.example.com:80", "http://api.example.com"),
        ("http", "api.example.com:443", "http://api.example.com:443"),
        ("https", "api.example.com:8443", "https://api.example.com:8443"),
        ("capacitor", "localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_written_as_browsers_do(scheme: str, host: str, written: str) -> None:
    assert origin(scheme, host) == written


@pytest.mark.parametrize(
    ("page", "site"),
    [
        ("https://app.example.com:8443", "https://example.com"),
        ("https://example.com", "https://example.com"),
        ("http://a.b.example.com", "http://example.com"),
        ("https://shop.example.co.uk", "https://example.co.uk"),
        ("https://example.co.uk", "https://example.co.uk"),
        ("https://co.uk", "https://co.uk"),
        ("https://shop.example.uk", "https://example.uk"),
        ("https://one.co.example", "https://co.example"),
        ("https://alice.github.io", "https://alice.github.io"),
        ("https://www.alice.github.io", "https://alice.github.io"),
        ("http://db:5000", "http://db"),
        ("http://localhost:5173", "http://localhost"),
        ("http://app.localhost:5173", "http://app.localhost"),
        ("http://api.app.localhost:5173", "http://app.localhost"),
        ("http://127.0.0.1:5000", "http://127.0.0.1"),
        ("http://[::1]:5000", "http://::1"),
    ],
)
def test_a_site_is_the_scheme_and_the_registrable_domain(page: str, site: str) -> None:
    assert site_of(page) == site


@pytest.mark.parametrize("registry", ["ac", "co", "com", "edu", "gov", "net", "or", "org"])
def test_what_is_below_a_countrys_registry_is_a_site(registry: str) -> None:
    assert site_of(f"https://www.example.{registry}.at") == f"https://example.{registry}.at"
    assert site_of(f"https://www.example.{registry}") == f"https://example.{registry}"


@pytest.mark.parametrize(
    "owner", ["github.io", "gitlab.io", "herokuapp.com", "netlify.app", "pages.dev", "vercel.app", "web.app"]
)
def test_each_customer_of_a_host_is_a_site(owner: str) -> None:
    assert site_of(f"https://www.alice.{owner}") == f"https://alice.{owner}"


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("https://api.example.com", "same-origin"),
        ("https://app.example.com", "same-site"),
        ("https://api.example.com:8443", "same-site"),
        ("http://api.example.com", "cross-site"),
        ("https://api.example.org", "cross-site"),
    ],
)
def test_how_a_page_stands_to_the_api(page: str, named: str) -> None:
    assert relation(page, "https://api.example.com") == named


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.com", True),
        ("http://example.com", False),
        ("http://localhost:5000", True),
        ("http://app.localhost", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:5000", True),
        ("http://notlocalhost", False),
    ],
)
def test_where_browsers_say_from_which_site_they_come(address: str, expected: bool) -> None:
    assert is_trustworthy(address) is expected


def test_an_origin_of_nothing_has_no_host() -> None:
    assert host_of("null") == ""
