"""Beside Flask-Caching: what it keeps of a guarded view is the view's answer, never a renewed token."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from beside import beside, extension, orders
from conftest import Clock, bearer
from flask import Flask, Response, jsonify
from hosts import GUARDS, RENEWED, due, sign_in

from flask_renewal.testing import RenewalClient

flask_caching = extension("flask_caching")

CONFIG = {"CACHE_TYPE": "SimpleCache"}
VIEWS: dict[str, Callable[[str], Any]] = {"text": str, "json": jsonify, "response": Response}


@orders
@pytest.mark.parametrize("answer", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_renewed_token_is_for_the_one_who_asked(
    adopt: Callable[..., Flask], clock: Clock, guard: str, answer: Callable[[str], Any], ours_first: bool
) -> None:
    cache, calls = flask_caching.Cache(), count(1)
    app = beside(adopt, cache.init_app, ours_first=ours_first, **CONFIG)
    view = cache.cached(timeout=60)(lambda: answer(f"call {next(calls)}"))
    app.add_url_rule("/cached", "cached", GUARDS[guard]()(view))
    old, new = due(app, clock), sign_in(app, "bob")
    told = [app.test_client().get("/cached", headers=bearer(grant.access_token)) for grant in (old, new, old)]
    assert [RENEWED in each.headers for each in told] == [True, False, True]
    assert len({each.headers[RENEWED] for each in told[::2]}) == 2
    assert {each.data for each in told} == {told[0].data}


@orders
def test_the_guard_is_asked_before_the_cache(adopt: Callable[..., Flask], ours_first: bool) -> None:
    cache = flask_caching.Cache()
    app = beside(adopt, cache.init_app, ours_first=ours_first, **CONFIG)
    app.add_url_rule("/cached", "cached", GUARDS["access_required"]()(cache.cached()(lambda: "for members")))
    client = RenewalClient(app).login()
    assert client.get("/cached").text == "for members"
    assert app.test_client().get("/cached").status_code == 401
