"""Answers that pages on trusted origins cannot read: the host's, and ours where something stands in front."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from flask import Flask
from flask_cors import CORS
from hosts import make_host
from werkzeug.routing import Rule

from flask_renewal.entrances.check import review

ORIGIN = "https://app.example.com"


@pytest.fixture
def host(tmp_path: Path, clock: Clock) -> Callable[..., Flask]:
    def make(prepare: Callable[[Flask], object] | None = None, **config: Any) -> Flask:
        return make_host(tmp_path / "host", clock, prepare=prepare, **{"RENEWAL_TRUSTED_ORIGINS": [ORIGIN], **config})

    return make


def sharing(app: Flask) -> list[str]:
    about = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "cors_paths")
    return [finding.code for finding in review(app) if finding.subject in about]


def test_a_host_that_shares_none_of_its_routes_hears_of_it(host: Callable[..., Flask]) -> None:
    assert sharing(host()) == ["routes_not_shared"]


OWN_SHARING: dict[str, dict[str, Any]] = {
    "with everybody": {},
    "with everybody, by a star": {"send_wildcard": True},
    "with the origin": {"origins": [ORIGIN]},
    "with credentials": {"origins": [ORIGIN], "supports_credentials": True},
    "one path": {"resources": {"/access_required.*": {"origins": ORIGIN}}},
}


@pytest.mark.parametrize("options", OWN_SHARING.values(), ids=OWN_SHARING)
@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_a_hosts_own_sharing_that_works_is_recognised(
    host: Callable[..., Flask], before: bool, options: dict[str, Any]
) -> None:
    app = host((lambda app: CORS(app, **options)) if before else None)
    if not before:
        CORS(app, **options)
    assert sharing(app) == []


def test_sharing_that_allows_no_token_is_none(host: Callable[..., Flask]) -> None:
    assert sharing(host(lambda app: CORS(app, allow_headers=["Content-Type"]))) == ["routes_not_shared"]


def test_sharing_that_names_no_origin_is_none(host: Callable[..., Flask]) -> None:
    app = host()
    stand_in_front(app, "Access-Control-Allow-Headers", "Authorization")
    assert sharing(app) == ["routes_not_shared"]


def test_only_a_hosts_own_routes_are_asked(host: Callable[..., Flask]) -> None:
    app = host()
    app.add_url_rule("/things/<int:number>", view_func=lambda number: "", endpoint="things", methods=["DELETE"])
    CORS(app, resources={"/things/.*": {}, "/auth/.*": {}, "/static/.*": {}})
    assert sharing(app) == []


def test_files_answers_to_preflights_and_addresses_elsewhere_are_no_routes_to_call(host: Callable[..., Flask]) -> None:
    app = host()
    app.add_url_rule("/static/<path:filename>", view_func=app.send_static_file)
    app.add_url_rule("/any/<path:rest>", view_func=lambda rest: "", endpoint="preflights", methods=["OPTIONS"])
    app.url_map.add(Rule("/elsewhere", endpoint="elsewhere", build_only=True))
    CORS(app, resources={"/static/.*": {}, "/any/.*": {}})
    assert sharing(app) == ["routes_not_shared"]


def test_a_host_that_shares_its_routes_has_nothing_to_mend(host: Callable[..., Flask]) -> None:
    own = {r"/jwt_required.*": {"origins": ORIGIN, "supports_credentials": True}}
    assert sharing(host(lambda app: CORS(app, resources=own))) == []


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("Access-Control-Expose-Headers", "X-Total", "renewal_header_hidden"),
        ("Access-Control-Allow-Origin", "*", "answers_not_shared"),
        ("Access-Control-Allow-Credentials", "false", "answers_not_shared"),
    ],
)
def test_sharing_in_front_of_us_that_says_something_else_is_found(
    host: Callable[..., Flask], header: str, value: str, expected: str
) -> None:
    app = host()
    stand_in_front(app, header, value)
    assert expected in sharing(app)


@pytest.mark.parametrize(
    ("header", "value"), [("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Credentials", "true")]
)
def test_sharing_in_front_of_us_that_says_the_same_once_more_is_found(
    host: Callable[..., Flask], header: str, value: str
) -> None:
    app = host()
    stand_in_front(app, header, value, instead=False)
    assert "answers_not_shared" in sharing(app)


def test_one_origin_is_asked_for_as_a_browser_asks_before_it_refreshes(host: Callable[..., Flask]) -> None:
    app, asked = host(RENEWAL_TRUSTED_ORIGINS=[ORIGIN, "https://other.example.com"]), []
    inner = app.wsgi_app

    def note(environ: Any, start: Any) -> Any:
        told = ("REQUEST_METHOD", "HTTP_ORIGIN", "HTTP_ACCESS_CONTROL_REQUEST_METHOD", "wsgi.url_scheme", "HTTP_HOST")
        if environ["PATH_INFO"] == "/auth/refresh":
            asked.append(tuple(environ.get(name) for name in told))
        return inner(environ, start)

    app.wsgi_app = note  # type: ignore[method-assign]
    for url, seen in ((None, ("https", "localhost")), ("http://api.example.com", ("http", "api.example.com"))):
        asked.clear()
        review(app, url=url)
        assert asked == [("OPTIONS", ORIGIN, "POST", *seen), ("GET", ORIGIN, None, *seen)]


def stand_in_front(app: Flask, header: str, value: str, *, instead: bool = True) -> None:
    """Replace a header of every answer, or say it once more, as a middleware or a proxy would."""
    inner = app.wsgi_app

    def outer(environ: Any, start: Any) -> Any:
        def say(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [pair for pair in headers if pair[0] != header or not instead]
            return start(status, [*kept, (header, value)], *rest)

        return inner(environ, say)

    app.wsgi_app = outer  # type: ignore[method-assign]
