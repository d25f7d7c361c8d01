"""A host that adopts sign-ins from before us, and a browser that has one."""

from typing import Any

from flask import request
from flask.testing import FlaskClient
from proving import Site

OLD = "their_session"
"""The cookie of an old sign-in: the id of a user."""


def adopting(site: Site) -> Site:
    """Let the host adopt its old sign-ins, and have a page that says who asks for it."""
    site.renewal.adopt(lambda: request.cookies.get(OLD))
    site.app.add_url_rule("/", "front", lambda: who(site), methods=["GET", "POST"])
    return site


def who(site: Site) -> str:
    visitor = site.renewal.visitor()
    return visitor.user_id if visitor else "nobody"


def signed_in_before(site: Site) -> FlaskClient:
    client = site.browser()
    client.set_cookie(OLD, "7")
    return client


def sessions(site: Site) -> list[Any]:
    with site.app.app_context():
        return site.renewal.sessions("7")
