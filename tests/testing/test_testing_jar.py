"""The kit's cookie jar keeps and sends what a browser would."""

from datetime import timedelta

import pytest

from flask_renewal.ground.sites import relation
from flask_renewal.testing.call import Call
from flask_renewal.testing.clock import Clock
from flask_renewal.testing.jar import CookieJar

API = "https://api.example.com"
SPA = "https://app.example.com"
OTHER = "https://app.example.org"
LOOPBACK = "http://localhost"


def call(
    target: str = API, *, page: str | None = None, method: str = "GET", path: str = "/", link: bool = False
) -> Call:
    return Call(target=target, path=path, method=method, page=page or target, navigation=link)


def jar_with(header: str, *, at: Call | None = None, third_party: bool = False) -> CookieJar:
    jar = CookieJar(Clock(), third_party=third_party)
    jar.take(at or call(), [header])
    return jar


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        (API, API, "same-origin"),
        (SPA, API, "same-site"),
        (OTHER, API, "cross-site"),
        ("http://app.example.com", API, "cross-site"),
        ("http://localhost:5173", "http://localhost:5000", "same-site"),
        ("http://localhost:5173", "http://127.0.0.1:5000", "cross-site"),
        ("http://app.localhost", "http://api.localhost", "cross-site"),
        ("https://shop.example.co.uk", "https://api.example.co.uk", "same-site"),
        ("https://one.co.uk", "https://two.co.uk", "cross-site"),
        ("https://one.github.io", "https://two.github.io", "cross-site"),
        ("http://[::1]:5173", "http://[::1]:5000", "same-site"),
        ("null", API, "cross-site"),
    ],
)
def test_origins_belong_together_as_browsers_see_it(page: str, target: str, expected: str) -> None:
    assert relation(page, target) == expected


@pytest.mark.parametrize(
    ("header", "at", "why"),
    [
        ("a=1; Secure", call(LOOPBACK), "plain http"),
        ("__Host-a=1; Path=/", call(), "must be Secure"),
        ("__Host-a=1; Path=/x; Secure", call(), "Path=/"),
        ("__host-a=1; Path=/; Secure; Domain=example.com", call(), "without Domain"),
        ("__Secure-a=1", call(), "must be Secure"),
        ("__Host-Http-a=1; Path=/; Secure", call(), "must be Secure and HttpOnly"),
        ("__http-a=1; HttpOnly", call(), "must be Secure and HttpOnly"),
        ("a=1; SameSite=None", call(), "needs Secure"),
        ("a=1; Partitioned", call(), "Partitioned needs Secure"),
        ("a=1; Domain=example.org", call(), "does not belong"),
        ("a=1; Domain=com", call(), "does not belong"),
        ("a=1; Secure; SameSite=Lax", call(page=OTHER), "another site"),
        ("a=1; Secure; SameSite=None", call(page=OTHER), "third-party cookies are blocked"),
        ("a=" + "x" * 4096, call(), "more than 4096"),
        ("a=\x01", call(), "control character"),
        ("=1", call(), "no name"),
        ("1", call(), "no name"),
    ],
)
def test_a_cookie_that_browsers_drop_is_dropped_with_the_reason(header: str, at: Call, why: str) -> None:
    jar = jar_with(header, at=at)
    assert not list(jar)
    assert why in str(jar.dropped[0])


@pytest.mark.parametrize(
    ("header", "to", "expected"),
    [
        pytest.param("a=1", call(), "a=1", id="to its host"),
        pytest.param("a=1", call("https://sub.api.example.com"), "", id="not below its host"),
        pytest.param("a=1; Domain=example.com", call("https://x.example.com"), "a=1", id="below its Domain"),
        pytest.param("a=1; Path=/x", call(path="/x/y"), "a=1", id="below its Path"),
        pytest.param("a=1; Path=/x", call(path="/xy"), "", id="not beside its Path"),
        pytest.param("a=1; Secure", call("http://api.example.com"), "", id="Secure not over http"),
        pytest.param("a=1; SameSite=Strict", call(page=SPA, method="POST"), "a=1", id="Strict within the site"),
        pytest.param("a=1; SameSite=Strict", call(page=OTHER, link=True), "", id="Strict not by a foreign link"),
        pytest.param("a=1; SameSite=Lax", call(page=OTHER, link=True), "a=1", id="Lax by a foreign link"),
        pytest.param(
            "a=1; SameSite=Lax", call(page=OTHER, link=True, method="POST"), "", id="Lax not by a foreign form"
        ),
        pytest.param("a=1", call(page=OTHER), "", id="Lax by default"),
        pytest.param("a=1; SameSite=None; Secure", call(page=OTHER), "", id="None not across sites where blocked"),
        pytest.param(
            "a=1; SameSite=None; Secure", call(page=OTHER, link=True, method="POST"), "a=1", id="None by a form"
        ),
        pytest.param("a=1; SameSite=None; Secure; Partitioned", call(page=OTHER), "", id="Partitioned not elsewhere"),
    ],
)
def test_a_cookie_goes_along_where_browsers_send_it(header: str, to: Call, expected: str) -> None:
    assert jar_with(header).header(to) == expected


def test_a_partitioned_cookie_lives_below_the_page_that_got_it() -> None:
    jar = jar_with("a=1; SameSite=None; Secure; Partitioned", at=call(page=OTHER))
    assert jar.header(call(page=OTHER)) == "a=1"
    assert jar.header(call(page="https://third.example.net")) == ""
    assert jar.header(call()) == ""


def test_third_party_cookies_flow_where_they_are_allowed() -> None:
    jar = jar_with("a=1; SameSite=None; Secure", at=call(page=OTHER), third_party=True)
    assert jar.header(call(page=OTHER)) == "a=1"


def test_a_cookie_expires_by_the_clock() -> None:
    clock = Clock()
    jar = CookieJar(clock)
    jar.take(
        call(), ["short=1; Max-Age=60", "long=1; Max-Age=999999999", "dated=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT"]
    )
    assert jar.header(call()) == "short=1; long=1"
    clock.tick(seconds=60)
    assert jar.header(call()) == "long=1"
    clock.tick(days=400)
    assert not list(jar)


def test_a_deletion_with_the_same_attributes_deletes() -> None:
    jar = jar_with("a=1; Path=/")
    jar.take(call(), ["a=; Path=/; Max-Age=0"])
    assert not list(jar)


def test_a_deletion_on_another_path_deletes_nothing() -> None:
    jar = jar_with("a=1; Path=/")
    jar.take(call(), ["a=; Path=/x; Max-Age=0"])
    assert jar.header(call()) == "a=1"


def test_plain_http_cannot_replace_a_secure_cookie() -> None:
    jar = jar_with("a=1; Secure")
    jar.take(call("http://api.example.com"), ["a=2"])
    assert jar.header(call()) == "a=1"


def test_closing_the_browser_takes_the_cookies_that_end_with_it() -> None:
    jar = jar_with("session=1")
    jar.take(call(), [f"kept=1; Max-Age={timedelta(days=1).total_seconds():.0f}"])
    jar.end_browser_session()
    assert jar.header(call()) == "kept=1"


def test_the_default_path_is_the_folder_of_the_request() -> None:
    jar = jar_with("a=1", at=call(path="/auth/login"))
    assert jar.header(call(path="/auth/refresh")) == "a=1"
    assert jar.header(call(path="/")) == ""
