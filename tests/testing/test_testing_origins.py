"""The kit's client as a browser app on another origin: what it sends, what is blocked, what its script can read."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask_jwt_extended import jwt_required
from werkzeug.datastructures import Headers

from flask_renewal.testing import BlockedByBrowserError, RenewalClient
from flask_renewal.testing.call import Call
from flask_renewal.testing.fetching import check_answer, check_preflight

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
    assert headers["Origin"] == SPA
    assert [headers[f"Sec-Fetch-{name}"] for name in ("Site", "Mode", "Dest")] == ["same-site", "cors", "empty"]


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
    visited = spa.visit("/headers").json
    assert (visited["Sec-Fetch-Site"], visited.get("Origin")) == ("cross-site", None)
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


PREFLIGHTS: dict[str, tuple[dict[str, Any], str | None]] = {
    "to read": ({"method": "GET"}, None),
    "a form": ({"method": "POST", "data": {"a": "1"}}, None),
    "text": ({"method": "POST", "data": "a", "content_type": "Text/Plain; charset=utf-8"}, None),
    "what browsers write themselves": (
        {"method": "GET", "headers": {"Sec-GPC": "1", "Proxy-Authorization": "a"}},
        None,
    ),
    "JSON": ({"method": "POST", "json": {}}, "content-type"),
    "another method": ({"method": "PUT"}, ""),
    "a token": ({"method": "GET", "headers": {"Authorization": "Bearer a"}}, "authorization"),
}


@pytest.mark.parametrize(("sent", "asks"), PREFLIGHTS.values(), ids=PREFLIGHTS)
def test_what_a_script_elsewhere_sends_is_asked_about_first(client: Client, sent: Any, asks: str | None) -> None:
    spa, seen = client(), []
    served = spa.application.wsgi_app

    def serve(environ: Any, start: Any) -> Any:
        seen.append(environ)
        return served(environ, start)

    spa.application.wsgi_app = serve  # type: ignore[method-assign]
    spa.open("/headers", **sent)
    if asks is None:
        assert [each["REQUEST_METHOD"] for each in seen] == [sent["method"]]
    else:
        preflight, request = seen
        told = {key: value for key, value in preflight.items() if key.startswith(("HTTP_", "CONTENT_"))}
        assert told.pop("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "") == asks
        assert told == {
            "HTTP_HOST": "api.example.com",
            "HTTP_ORIGIN": SPA,
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD": sent["method"],
            "HTTP_SEC_FETCH_SITE": "same-site",
            "HTTP_SEC_FETCH_MODE": "cors",
        }
        assert (preflight["REQUEST_METHOD"], preflight["PATH_INFO"]) == ("OPTIONS", request["PATH_INFO"])


def call(method: str) -> Call:
    return Call(target=API, path="/things", method=method, page=SPA, navigation=False)


def allowing(**changed: str) -> Headers:
    allows = {"Origin": SPA, "Credentials": "true", "Methods": "get, Put", "Headers": "X-Own", **changed}
    return Headers({f"Access-Control-Allow-{name}": value for name, value in allows.items()})


@pytest.mark.parametrize(
    ("status", "changed", "why"),
    [
        ("204 NO CONTENT", {}, None),
        ("404 NOT FOUND", {}, "the preflight was answered 404"),
        ("200 OK", {"Origin": "*"}, r"Access-Control-Allow-Origin is \*"),
        ("200 OK", {"Credentials": "false"}, "Access-Control-Allow-Credentials is not true"),
        ("200 OK", {"Methods": "GET, DELETE"}, "Access-Control-Allow-Methods does not name PUT"),
        ("200 OK", {"Headers": "X-Other"}, "Access-Control-Allow-Headers does not name x-own"),
    ],
)
def test_a_preflight_is_answered_well_or_says_what_is_missing(
    status: str, changed: dict[str, str], why: str | None
) -> None:
    blocked = pytest.raises(BlockedByBrowserError, match=why) if why else nullcontext()
    with blocked:
        check_preflight(call("PUT"), status, allowing(**changed), asked=["x-own"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_some_methods_need_not_be_named(method: str) -> None:
    check_preflight(call(method), "200 OK", allowing(Methods="PUT"), asked=[])


def test_an_answer_without_leave_to_send_cookies_cannot_be_read() -> None:
    check_answer(call("GET"), "200 OK", allowing())
    with pytest.raises(BlockedByBrowserError, match="Access-Control-Allow-Credentials is not true"):
        check_answer(call("GET"), "200 OK", allowing(Credentials="True"))


@pytest.mark.parametrize("origin_only", [True, False])
def test_a_cookie_that_is_set_goes_where_it_was_set_for(client: Client, origin_only: bool) -> None:
    own = client(None)
    add = own.application.add_url_rule
    add("/x/sent", "sent", view_func=lambda: jsonify(request.cookies))
    add("/sent", "elsewhere", view_func=lambda: jsonify(request.cookies))
    own.set_cookie("a", "1", domain="example.com", origin_only=origin_only, path="/x", secure=True)
    cookie = own.get_cookie("a", "example.com", "/x")
    assert cookie is not None
    assert (cookie.value, cookie.secure, own.get_cookie("a")) == ("1", True, None)
    for host, sees in (("example.com", True), ("api.example.com", not origin_only), ("example.org", False)):
        assert own.get("/x/sent", base_url=f"https://{host}").json == ({"a": "1"} if sees else {})
        assert own.get("/sent", base_url=f"https://{host}").json == {}
