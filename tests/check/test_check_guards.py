"""Guards that stand where they cannot do their work."""

from collections.abc import Callable

import pytest
from findings import coded, found
from flask import Flask
from flask_cors import CORS
from flask_restful import Api
from proving import Site

from flask_renewal import access_required, install_pages
from flask_renewal.entrances.check import Level


def test_a_guard_above_its_route_is_found_under_the_views_name(host: Flask) -> None:
    def secret() -> str:
        return "secret"

    host.add_url_rule("/secret", view_func=secret)
    assert found(host, "secret") == []
    access_required()(secret)
    assert coded(host, "guard_above_route") == (Level.ERROR, "")
    assert [finding.code for finding in found(host, "secret")] == ["guard_above_route"]


@pytest.mark.parametrize(("propagated", "codes"), [(None, ["errors_answered_elsewhere"]), (True, [])])
def test_an_extension_that_answers_errors_itself_is_found(
    host: Flask, propagated: bool | None, codes: list[str]
) -> None:
    host.config["PROPAGATE_EXCEPTIONS"] = propagated
    assert found(host, "PROPAGATE_EXCEPTIONS") == []
    Api(host)
    assert [finding.code for finding in found(host, "PROPAGATE_EXCEPTIONS")] == codes


def test_a_host_that_shares_its_paths_by_flask_cors_answers_errors_as_ever(host: Flask) -> None:
    CORS(host)
    assert found(host, "PROPAGATE_EXCEPTIONS") == []


def test_a_sign_in_page_that_is_not_there_is_found(make_site: Callable[..., Site]) -> None:
    site = make_site(RENEWAL_LOGIN_URL="enter")
    assert coded(site.app, "login_url_unknown") == (Level.ERROR, "")
    site.app.add_url_rule("/enter", "enter", lambda: "")
    assert found(site.app, "RENEWAL_LOGIN_URL") == []


@pytest.mark.parametrize("address", ["/enter", "https://accounts.example.com/enter"])
def test_a_sign_in_page_that_is_named_by_its_address_is_not_looked_for(
    make_site: Callable[..., Site], address: str
) -> None:
    site = make_site(RENEWAL_LOGIN_URL=address)
    install_pages(site.app)
    assert found(site.app, "RENEWAL_LOGIN_URL") == []


def test_pages_with_a_sign_in_page_of_ours_need_none(app: Flask) -> None:
    assert "flask_renewal_pages" in app.blueprints
    assert found(app, "RENEWAL_LOGIN_URL") == []


def test_pages_without_a_sign_in_page_are_found_where_the_host_proves_who_people_are(site: Site) -> None:
    assert found(site.app, "RENEWAL_LOGIN_URL") == []
    install_pages(site.app)
    assert coded(site.app, "login_url_missing") == (Level.WARNING, "")
