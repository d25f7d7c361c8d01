"""A guard above its route guards nothing: the view is not served, and the log and `flask renewal check` name it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask

from flask_renewal import access_required, install_pages, page_required
from flask_renewal.entrances.check import review
from flask_renewal.testing import RenewalClient

Guard = Callable[[Any], Any]

both = pytest.mark.parametrize("guard", [access_required(), page_required], ids=["access_required", "page_required"])


def new_view() -> Callable[[], str]:
    return lambda: "for members"


def above_its_route(place: Flask | Blueprint, guard: Guard) -> None:
    guard(place.get("/secret")(new_view()))


@both
def test_a_view_that_is_registered_without_its_guard_is_not_served(
    host: Flask, guard: Guard, caplog: pytest.LogCaptureFixture
) -> None:
    host.add_url_rule("/other", view_func=lambda: "served", endpoint="other")
    host.add_url_rule("/secret", "secret", view := new_view())
    guard(view)
    response = host.test_client().get("/secret")
    assert (response.status_code, "for members" in response.text) == (500, False)
    assert [record for record in caplog.records if record.getMessage().startswith("secret is not served: its guard")]
    assert host.test_client().get("/other").text == "served"


@both
def test_that_of_a_blueprint_is_not_served_either(host: Flask, guard: Guard) -> None:
    part = Blueprint("part", __name__)
    above_its_route(part, guard)
    host.register_blueprint(part)
    assert host.test_client().get("/secret").status_code == 500


@both
def test_the_check_names_it(host: Flask, guard: Guard) -> None:
    assert [finding for finding in review(host) if finding.code == "guard_above_route"] == []
    above_its_route(host, guard)
    assert [finding.subject for finding in review(host) if finding.code == "guard_above_route"] == ["<lambda>"]


def test_a_view_may_have_several_guards_and_other_decorators(host: Flask) -> None:
    view = new_view()
    host.add_url_rule("/one", "one", access_required()(access_required(optional=True)(view)))
    host.add_url_rule("/two", "two", access_required(fresh=True)(view))
    client = RenewalClient(host).login()
    assert [client.get(path).text for path in ("/one", "/two")] == ["for members"] * 2


def test_views_below_their_routes_are_no_finding(host: Flask) -> None:
    install_pages(host)
    assert [finding for finding in review(host) if finding.code == "guard_above_route"] == []


def test_a_view_on_which_nothing_can_be_noted_is_guarded_too(host: Flask) -> None:
    host.add_url_rule("/now", "now", access_required()(time.ctime))
    answer = host.test_client().get("/now")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_missing")
