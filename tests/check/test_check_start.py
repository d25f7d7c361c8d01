"""What browsers will refuse is said when the application starts, by the rules of `flask renewal check`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from flask import Flask
from flask_cors import CORS
from hosts import make_host
from servers import serving

from flask_renewal.entrances.check import review

Make = Callable[..., Flask]

ORIGIN = "https://app.example.com"
OTHER_SITE = {"RENEWAL_TRUSTED_ORIGINS": ["https://app.example.org"], "TRUSTED_HOSTS": ["api.example.com"]}
SOUND = {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN, "http://localhost:5173"]}


def codes(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.code for record in log.records if record.name == "flask_renewal.check"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(OTHER_SITE, ["cookie_not_sent_across_sites"], id="a Lax cookie and a page on another site"),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN, "https://app.example.org"]},
            ["cookie_not_sent_across_sites"],
            id="pages on two sites, of which one must be another, wherever the application is",
        ),
        pytest.param(
            {**OTHER_SITE, "JWT_COOKIE_SAMESITE": "None"},
            ["third_party_cookie_blocked"],
            id="a third-party cookie, partitioned or not",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["http://app.example.com"]},
            ["http_page_without_cookie", "http_page_trusted"],
            id="a page on plain http",
        ),
        pytest.param(
            {"SERVER_NAME": "localhost:5000", "RENEWAL_TRUSTED_ORIGINS": ["http://127.0.0.1:5173"]},
            ["two_loopback_names"],
            id="two names of this machine",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": ["capacitor://localhost"]},
            ["wrapped_app_without_cookie"],
            id="a wrapped app that is to live on cookies",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN, "chrome-extension://abc"], "RENEWAL_BODY_TRANSPORT": True},
            [],
            id="a wrapped app that keeps its token itself is sound",
        ),
        pytest.param({"JWT_COOKIE_SECURE": False}, ["cookie_not_secure"], id="a cookie that can be taken"),
        pytest.param(
            {"JWT_COOKIE_DOMAIN": "example.org", "SERVER_NAME": "api.example.com"},
            ["cookie_domain_foreign"],
            id="a cookie for somebody else's domain",
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None"}, ["session_cookie_not_secure"], id="Flask's cookie: None without Secure"
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True},
            ["session_cookie_not_partitioned"],
            id="Flask's cookie: for other sites and not Partitioned",
        ),
        pytest.param({}, [], id="the defaults are sound"),
        pytest.param(SOUND, [], id="pages on one site and on this machine are sound"),
        pytest.param(
            {**SOUND, "SERVER_NAME": "api.example.com"},
            ["cookie_not_sent_across_sites"],
            id="a page on this machine is on another site than a server",
        ),
        pytest.param(
            {"RENEWAL_TRUSTED_ORIGINS": [ORIGIN], "TRUSTED_HOSTS": ["api.example.com", "localhost"]},
            [],
            id="a page on the site of the trusted host is sound",
        ),
    ],
)
def test_a_start_warns_of_what_browsers_refuse(
    make_app: Make, caplog: pytest.LogCaptureFixture, config: dict[str, Any], expected: list[str]
) -> None:
    make_app(**config)
    assert codes(caplog) == expected


def test_a_warning_says_what_to_do_and_where_to_look(make_app: Make, caplog: pytest.LogCaptureFixture) -> None:
    make_app(**OTHER_SITE)
    said = caplog.records[0].getMessage()
    assert said.startswith("JWT_COOKIE_SAMESITE: A page on https://app.example.org is on another site")
    assert "Serve both below one registrable domain" in said
    assert said.endswith("(cookie_not_sent_across_sites; flask renewal check says more)")


def test_a_warning_names_a_few_of_many_origins(make_app: Make, caplog: pytest.LogCaptureFixture) -> None:
    make_app(RENEWAL_TRUSTED_ORIGINS=[f"https://app.example{number}.com" for number in range(500)])
    assert "https://app.example10.com and 497 more is on another site" in caplog.records[0].getMessage()


def test_the_server_prints_the_warning_once_and_serves(tmp_path: Path) -> None:
    with serving(tmp_path, RENEWAL_TRUSTED_ORIGINS=[ORIGIN, "https://app.example.org"]) as server:
        assert server.log.read_text().count("cookie_not_sent_across_sites") == 1


def test_a_sound_server_prints_nothing_but_its_address(tmp_path: Path) -> None:
    with serving(tmp_path, **SOUND) as server:
        assert len(server.log.read_text().splitlines()) == 1


@pytest.fixture
def host(tmp_path: Path, clock: Clock) -> Callable[..., Flask]:
    def make(prepare: Callable[[Flask], object] | None = None) -> Flask:
        return make_host(tmp_path / "host", clock, prepare=prepare, RENEWAL_TRUSTED_ORIGINS=[ORIGIN])

    return make


def sharing(app: Flask) -> list[str]:
    about = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "cors_paths")
    return [finding.code for finding in review(app) if finding.subject in about]


def test_a_host_that_shares_none_of_its_routes_hears_of_it(host: Callable[..., Flask]) -> None:
    assert sharing(host()) == ["routes_not_shared"]


OWN_SHARING: dict[str, dict[str, Any]] = {
    "with everybody": {},
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


def test_only_a_hosts_own_routes_are_asked(host: Callable[..., Flask]) -> None:
    app = host()
    app.add_url_rule("/things/<int:number>", view_func=lambda number: "", endpoint="things", methods=["DELETE"])
    CORS(app, resources={"/things/.*": {}, "/auth/.*": {}, "/static/.*": {}})
    assert sharing(app) == []


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


def stand_in_front(app: Flask, header: str, value: str) -> None:
    """Replace a header of every answer, as a middleware or a proxy would."""
    inner = app.wsgi_app

    def outer(environ: Any, start: Any) -> Any:
        def say(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*(pair for pair in headers if pair[0] != header), (header, value)], *rest)

        return inner(environ, say)

    app.wsgi_app = outer  # type: ignore[method-assign]
