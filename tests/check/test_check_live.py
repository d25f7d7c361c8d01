"""What stands in front of the application changes its answers: asked through it, the check sees that."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from remote import served

from flask_renewal.entrances.check import Finding, review

ORIGIN = "https://app.example.com"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(RENEWAL_TRUSTED_ORIGINS=[ORIGIN])


def proxy(app: Flask, name: str, value: str, *, instead: bool) -> Callable[..., Any]:
    """Return what stands in front of an application and says a header once more, or in place of what it said."""

    def answer(environ: Any, start: Callable[..., Any]) -> Any:
        def say(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [pair for pair in headers if pair[0] != name or not instead]
            return start(status, [*kept, (name, value)], *rest)

        return app(environ, say)

    return answer


def seen(app: Flask, url: str, *, is_live: bool = True) -> list[Finding]:
    """Return what is said of answers as they come from the address."""
    return [found for found in review(app, url=url, is_live=is_live) if url in found.what and "come from" in found.what]


@pytest.mark.parametrize(
    ("name", "value", "instead", "code"),
    [
        ("Access-Control-Allow-Origin", ORIGIN, False, "answers_not_shared"),
        ("Access-Control-Allow-Origin", "*", True, "answers_not_shared"),
        ("Access-Control-Allow-Credentials", "true", False, "answers_not_shared"),
        ("Access-Control-Expose-Headers", "X-Total", True, "renewal_header_hidden"),
    ],
)
def test_what_a_proxy_says_twice_or_instead_is_found(
    app: Flask, name: str, value: str, instead: bool, code: str
) -> None:
    with served(proxy(app, name, value, instead=instead)) as url:
        assert [found.code for found in seen(app, url)] == [code]
        assert seen(app, url, is_live=False) == []


def test_what_comes_through_as_it_was_is_no_finding(app: Flask) -> None:
    with served(app) as url:
        assert seen(app, url) == []


def test_one_origin_is_asked_for_as_a_browser_asks_before_it_refreshes(make_app: Callable[..., Flask]) -> None:
    app, asked = make_app(RENEWAL_TRUSTED_ORIGINS=[ORIGIN, "https://other.example.com"]), []

    def note(environ: Any, start: Callable[..., Any]) -> Any:
        told = ("REQUEST_METHOD", "PATH_INFO", "HTTP_ORIGIN", "HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        asked.append(tuple(environ.get(name) for name in told))
        return app(environ, start)

    with served(note) as url:
        assert seen(app, url) == []
    assert asked == [("OPTIONS", "/auth/refresh", ORIGIN, "POST"), ("GET", "/auth/refresh", ORIGIN, None)]


def test_what_is_no_answer_of_ours_is_found(app: Flask) -> None:
    with served(lambda environ, start: start("502 Bad Gateway", []) and []) as url:
        [found] = seen(app, url)
        assert (found.code, "they say nothing" in found.what) == ("answers_not_shared", True)
        assert found.mend.endswith("If what runs there has other settings, start it with these.")


def test_an_address_that_cannot_be_asked_is_told_with_the_cause(app: Flask) -> None:
    with served(app) as url:
        refused, plain = url, url.replace("http:", "https:")
        assert "SSL" in one(app, plain).what
    assert "Connection refused" in one(app, refused).what


def one(app: Flask, url: str) -> Finding:
    [found] = [found for found in review(app, url=url, is_live=True) if found.code == "address_not_reached"]
    return found


def test_without_trusted_origins_or_an_address_nobody_is_asked(make_app: Callable[..., Flask], app: Flask) -> None:
    assert "address_not_reached" not in {found.code for found in review(app, is_live=True)}
    found = review(make_app(), url="http://127.0.0.1:1", is_live=True)
    assert "address_not_reached" not in {each.code for each in found}
