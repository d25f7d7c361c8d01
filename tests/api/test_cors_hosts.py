"""What a page on another origin may read of a host, and of ours beside a host's own sharing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock, bearer
from flask import Flask
from flask_cors import CORS
from hosts import RENEWED, make_host, services_of, sign_in
from sharing import SPA, assert_shared, preflight, shared

from flask_renewal import ConfigurationError

WIDER = {"RENEWAL_CORS_HEADERS": ["sentry-trace"], "RENEWAL_CORS_EXPOSE": ["Content-Disposition"]}
ASKED = {"Access-Control-Request-Headers": "authorization,sentry-trace,x-evil"}


@pytest.fixture
def sharing(tmp_path: Path, clock: Clock) -> Flask:
    """A host that lets pages call one of its paths."""
    config = {"RENEWAL_TRUSTED_ORIGINS": [SPA], **WIDER}
    return make_host(tmp_path / "instance", clock, cors_paths="/access_required", **config)


@pytest.mark.parametrize("path", ["/auth/refresh", "/access_required"])
def test_a_preflight_allows_the_headers_that_a_setting_adds_and_no_others(sharing: Flask, path: str) -> None:
    response = preflight(sharing.test_client(), path, **ASKED)
    assert set(response.headers["Access-Control-Allow-Headers"].split(", ")) == {"authorization", "sentry-trace"}
    assert shared(preflight(sharing.test_client(), path, origin="https://evil.test", **ASKED)) == []


@pytest.mark.parametrize("path", ["/auth/me", "/access_required"])
def test_a_setting_exposes_more_beside_the_renewed_token(sharing: Flask, clock: Clock, path: str) -> None:
    token = sign_in(sharing).access_token
    clock.tick(minutes=14)
    response = sharing.test_client().get(path, headers={**bearer(token), "Origin": SPA})
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert set(exposed) == {"WWW-Authenticate", "Retry-After", "Content-Disposition", RENEWED}


def test_paths_of_the_host_are_shared_beside_ours(sharing: Flask) -> None:
    for path in ("/access_required", "/auth/me", "/.well-known/jwks.json"):
        assert_shared(sharing.test_client().get(path, headers={"Origin": SPA}), SPA)


def test_a_path_that_only_begins_like_a_shared_one_is_not_shared(sharing: Flask) -> None:
    for path in ("/access_required/user", "/access_required%0a", "/.well-known/jwks.json.bak"):
        assert shared(sharing.test_client().get(path, headers={"Origin": SPA})) == []


def test_paths_that_are_no_pattern_stop_the_start(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(ConfigurationError, match=r"cors_paths = '\(' is not a regular expression .*; set it to"):
        make_host(tmp_path / "instance", clock, cors_paths="(")


def test_a_preflight_that_the_host_answers_without_its_methods_allows_those_that_it_may(
    tmp_path: Path, clock: Clock
) -> None:
    app = make_host(tmp_path / "instance", clock, cors_paths="/own", RENEWAL_TRUSTED_ORIGINS=[SPA])
    app.add_url_rule("/own", view_func=lambda: "", methods=["POST", "OPTIONS"], endpoint="own")
    response = preflight(app.test_client(), "/own")
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_a_hosts_own_sharing_and_ours_do_not_double(tmp_path: Path, clock: Clock, before: bool) -> None:
    def share(app: Flask) -> None:
        CORS(app, origins=[SPA], supports_credentials=True)

    app = make_host(tmp_path / "instance", clock, prepare=share if before else None, RENEWAL_TRUSTED_ORIGINS=[SPA])
    if not before:
        share(app)
    for path in ("/auth/me", "/access_required"):
        response = app.test_client().get(path, headers={"Origin": SPA})
        assert response.headers.getlist("Access-Control-Allow-Origin") == [SPA]
        assert response.headers.getlist("Access-Control-Allow-Credentials") == ["true"]


@pytest.mark.parametrize("before", [True, False], ids=["set up before us", "set up after us"])
def test_a_hosts_own_sharing_changes_nothing_for_our_paths(tmp_path: Path, clock: Clock, before: bool) -> None:
    def share(app: Flask) -> None:
        CORS(app, expose_headers=["X-Total"])

    app = make_host(tmp_path / "instance", clock, prepare=share if before else None, RENEWAL_TRUSTED_ORIGINS=[SPA])
    if not before:
        share(app)
    client = app.test_client()
    assert_shared(preflight(client, "/auth/login"), SPA)
    assert_shared(client.post("/auth/refresh", headers={"Origin": SPA}), SPA)
    assert "Access-Control-Allow-Origin" not in client.get("/auth/me", headers={"Origin": "https://evil.test"}).headers
    assert "Access-Control-Allow-Origin" in client.get("/nothing", headers={"Origin": "https://evil.test"}).headers


def test_a_hosts_own_routes_are_left_to_it(tmp_path: Path, clock: Clock) -> None:
    client = make_host(tmp_path / "instance", clock, RENEWAL_TRUSTED_ORIGINS=[SPA]).test_client()
    assert shared(client.get("/access_required", headers={"Origin": SPA})) == []
    assert_shared(client.get("/auth/me", headers={"Origin": SPA}), SPA)


def test_the_prefix_is_followed(make_app: Callable[..., Flask]) -> None:
    app = make_app(name="moved", RENEWAL_TRUSTED_ORIGINS=[SPA], RENEWAL_URL_PREFIX="/api/v1")
    assert_shared(app.test_client().get("/api/v1/me", headers={"Origin": SPA}), SPA)
    assert services_of(app).settings.url_prefix == "/api/v1"
