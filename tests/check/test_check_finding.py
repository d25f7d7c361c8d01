"""What a check looks at, and in which order it tells what it finds."""

from collections.abc import Callable

import pytest
from findings import API, worst
from flask import Flask

from flask_renewal.entrances.check import Level, review

SOUND = {"TRUSTED_HOSTS": ["api.example.com"], "RENEWAL_TRUSTED_PROXIES": 1, "RATELIMIT_STORAGE_URI": "memory://"}
OTHER_SITE = ["https://app.example.org"]

Make = Callable[..., Flask]


def address(app: Flask) -> str:
    """Return the address that a check takes the application to be at: what its sentence about another site names."""
    said = next(finding.what for finding in review(app) if finding.code == "cookie_not_sent_across_sites")
    return said.partition("on another site than ")[2].partition(": a SameSite")[0]


def test_a_sound_configuration_has_no_errors(make_app: Make) -> None:
    app = make_app(RENEWAL_TRUSTED_ORIGINS=["https://app.example.com"], **SOUND)
    app.extensions["flask-renewal"].ambient.now = type(app.extensions["flask-renewal"].ambient)().now
    assert [finding for finding in review(app, url=API) if finding.level is Level.ERROR] == []


def test_the_address_comes_from_the_servers_name(make_app: Make) -> None:
    app = make_app(SERVER_NAME="api.example.com", RENEWAL_TRUSTED_ORIGINS=["https://app.example.org"])
    assert worst(app, "JWT_COOKIE_SAMESITE", url=None) == (Level.ERROR, "every browser")


def test_the_worst_is_told_first(make_app: Make) -> None:
    levels = [finding.level for finding in review(make_app(RENEWAL_TRUSTED_ORIGINS=OTHER_SITE), url=API)]
    assert set(levels) == set(Level)
    assert levels == sorted(levels, key=list(Level).index)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"SERVER_NAME": "api.example.com"}, API),
        ({"SERVER_NAME": "localhost:5000", "PREFERRED_URL_SCHEME": "https"}, "https://localhost:5000"),
        ({"TRUSTED_HOSTS": ["api.example.com"]}, API),
        ({"TRUSTED_HOSTS": ["localhost", ".example.com", "api.example.com"]}, API),
        ({"TRUSTED_HOSTS": ["api.example.com", "admin.example.com"]}, API),
        ({"TRUSTED_HOSTS": ["api.example.com"], "SERVER_NAME": "localhost:5000"}, "http://localhost:5000"),
    ],
    ids=str,
)
def test_the_address_is_what_flasks_keys_tell(make_app: Make, config: dict[str, object], expected: str) -> None:
    assert address(make_app(RENEWAL_TRUSTED_ORIGINS=OTHER_SITE, **config)) == expected


@pytest.mark.parametrize("hosts", [[], ["api.example.com", "api.example.net"], ["localhost"]], ids=str)
def test_hosts_of_several_sites_or_none_tell_no_address(make_app: Make, hosts: list[str]) -> None:
    found = review(make_app(RENEWAL_TRUSTED_ORIGINS=OTHER_SITE, TRUSTED_HOSTS=hosts))
    assert "address_unknown" in [finding.code for finding in found]
