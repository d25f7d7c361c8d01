"""The kit's client as a browser app on another origin: what it sends, what is blocked, what its script can read."""

from collections.abc import Callable

import pytest
from flask import Flask, jsonify, request
from flask_jwt_extended import jwt_required

from flask_renewal.testing import BlockedByBrowserError, RenewalClient

API = "https://api.example.com"
SPA = "https://app.example.com"
EVIL = "https://evil.example.net"

Client = Callable[..., RenewalClient]


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> Client:
    def make(page: str | None = SPA, *, third_party_cookies: bool = False, **config: object) -> RenewalClient:
        app = make_app(RENEWAL_TRUSTED_ORIGINS=[SPA], **config)
        app.add_url_rule(
            "/headers", "/headers", view_func=lambda: jsonify(dict(request.headers)), methods=["GET", "POST", "PUT"]
        )
        app.add_url_rule("/guarded", "/guarded", view_func=jwt_required()(lambda: {"ok": True}))
        return RenewalClient(app, page=page, base_url=API, third_party_cookies=third_party_cookies)

    return make


def test_a_page_elsewhere_says_where_it_is(client: Client) -> None:
    headers = client().get("/headers").json
    assert (headers["Origin"], headers["Sec-Fetch-Site"], headers["Sec-Fetch-Mode"]) == (SPA, "same-site", "cors")


def test_the_applications_own_page_says_so(client: Client) -> None:
    own = client(None)
    assert "Origin" not in own.get("/headers").json
    headers = own.post("/headers").json
    assert (headers["Origin"], headers["Sec-Fetch-Site"]) == (API, "same-origin")


def test_plain_http_elsewhere_than_loopback_gets_no_fetch_metadata(client: Client) -> None:
    headers = client(None).get("/headers", base_url="http://api.example.com").json
    assert "Sec-Fetch-Site" not in headers


def test_a_trusted_page_signs_in_and_renews(client: Client) -> None:
    spa = client().login("alice")
    spa.clock.tick(minutes=12)
    answer = spa.get("/guarded")
    assert "X-Renewed-Access-Token" in spa.readable_headers(answer)
    assert spa.refresh().status_code == 200
    spa.assert_signed_in("alice")


def test_an_untrusted_page_is_blocked_at_the_preflight(client: Client) -> None:
    with pytest.raises(
        BlockedByBrowserError, match="would not send PUT /headers: Access-Control-Allow-Origin is missing"
    ):
        client(EVIL).put("/headers", json={})


def test_an_untrusted_page_cannot_read_the_answer(client: Client) -> None:
    with pytest.raises(BlockedByBrowserError, match="could not read the answer to POST /auth/refresh"):
        client(EVIL).refresh()


def test_a_header_that_is_not_exposed_cannot_be_read(client: Client) -> None:
    spa = client()
    spa.application.add_url_rule("/traced", "/traced", view_func=lambda: ("", {"X-Trace": "1", "Set-Cookie": "a=1"}))
    answer = spa.get("/traced")
    assert "X-Trace" in answer.headers
    readable = spa.readable_headers(answer)
    assert "X-Trace" not in readable
    assert "Content-Type" in readable
    spa.page = None
    own = spa.readable_headers(spa.get("/traced"))
    assert "X-Trace" in own
    assert "Set-Cookie" not in own


def test_another_site_is_told_why_its_cookie_was_dropped(client: Client) -> None:
    spa = client(EVIL).login("alice")
    assert "page is on another site" in str(spa.jar.dropped[0])


def test_a_partitioned_cookie_serves_another_site(client: Client) -> None:
    spa = client(EVIL, JWT_COOKIE_SAMESITE="None").login("alice")
    assert spa.cookie("__Host-Http-refresh_token").partition == "https://example.net"
    spa.assert_signed_in()


def test_a_preflight_asks_for_every_header_that_is_not_simple(client: Client) -> None:
    spa = client()
    with pytest.raises(BlockedByBrowserError, match="Access-Control-Allow-Headers does not name x-own"):
        spa.get("/headers", headers={"X-Own": "1"})


def test_the_origin_that_a_test_writes_itself_counts(client: Client) -> None:
    with pytest.raises(BlockedByBrowserError, match="a page on null"):
        client().post("/auth/refresh", headers={"Origin": "null"})


def test_a_navigation_needs_no_leave_to_read(client: Client) -> None:
    spa = client(EVIL)
    assert spa.visit("/headers").json["Sec-Fetch-Site"] == "cross-site"
    submitted = spa.submit("/headers", {"a": "1"}).json
    assert (submitted["Origin"], submitted["Sec-Fetch-Mode"]) == (EVIL, "navigate")


def test_an_address_typed_in_comes_from_nowhere(client: Client) -> None:
    headers = client(None).visit("/headers").json
    assert (headers["Sec-Fetch-Site"], headers["Sec-Fetch-Dest"]) == ("none", "document")


def test_a_page_load_carries_no_access_token(client: Client) -> None:
    own = client(None).login("alice")
    assert "Authorization" not in own.visit("/headers").json
    assert "Authorization" in own.get("/headers").json


def test_a_redirect_is_followed_with_the_cookies_of_then(client: Client) -> None:
    own = client(None)
    own.application.add_url_rule(
        "/hop", "/hop", view_func=lambda: ("", 302, {"Location": "/headers", "Set-Cookie": "a=1"})
    )
    assert own.visit("/hop").json["Cookie"] == "a=1"
