"""What stays as Flask-JWT-Extended's documentation has it, under both guards: each row of the page's first table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock, bearer
from flask import Flask, Response, jsonify
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    decode_token,
    get_current_user,
    get_jti,
    get_jwt,
    get_jwt_header,
    get_jwt_identity,
    get_jwt_request_location,
    get_unverified_jwt_headers,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from forging import claims_of, header_of
from hosts import GUARDS, RENEWED, due, guards, make_host, services_of, sign_in
from rows import Held

row = Held("flask-jwt-extended.md", "## What stays")


def manager_of(app: Flask) -> JWTManager:
    manager: JWTManager = app.extensions["flask-jwt-extended"]
    return manager


def asking(app: Flask, guard: str, view: Callable[[], Any] = lambda: "served", **asked: Any) -> Callable[[str], Any]:
    """Add a guarded view; return what asks for it with a token."""
    app.add_url_rule("/asked", "asked", GUARDS[guard](**asked)(view))
    client = app.test_client()
    return lambda token: client.get("/asked", headers=bearer(token) if token else {})


@guards
@row("`@jwt_required()`")
@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        ({}, (401, 200, 200, 401)),
        ({"optional": True}, (200, 200, 200, 401)),
        ({"fresh": True}, (401, 200, 401, 401)),
        ({"skip_revocation_check": True}, (401, 200, 200, 200)),
        ({"locations": "headers"}, (401, 200, 200, 401)),
        ({"locations": "query_string"}, (401, 401, 401, 401)),
    ],
    ids=str,
)
def test_a_guard_takes_its_arguments(host: Flask, guard: str, asked: dict[str, Any], statuses: tuple[int, ...]) -> None:
    services, grant, ended = services_of(host), sign_in(host), sign_in(host, "bob")
    services.sessions.end(ended.session.id, reason="test")
    with host.app_context():
        stale = services.access_tokens.issue(grant.session, fresh=False)[0]
    ask = asking(host, guard, **asked)
    assert tuple(ask(each).status_code for each in ("", grant.access_token, stale, ended.access_token)) == statuses


def test_a_view_may_ask_by_itself(host: Flask) -> None:
    host.add_url_rule("/asks", "asks", lambda: (verify_jwt_in_request() or ({}, {}))[1]["sub"])
    client = host.test_client()
    assert client.get("/asks", headers=bearer(sign_in(host).access_token)).text == "id-of-alice"
    assert client.get("/asks").status_code == 401


@guards
@row("`get_jwt()`")
def test_a_view_is_told_what_is_in_the_token(host: Flask, guard: str) -> None:
    def told() -> Response:
        return jsonify([get_jwt(), get_jwt_header(), get_jwt_identity(), get_jwt_request_location()])

    token = sign_in(host).access_token
    assert asking(host, guard, told)(token).get_json() == [
        claims_of(token),
        header_of(token),
        "id-of-alice",
        "headers",
    ]


@guards
@row("`current_user`")
def test_a_hosts_lookup_is_asked(host: Flask, guard: str) -> None:
    people = {"id-of-alice": "Alice"}
    manager_of(host).user_lookup_loader(lambda header, claims: people.get(claims["sub"]))
    ask, token = asking(host, guard, lambda: str(get_current_user())), sign_in(host).access_token
    assert ask(token).text == "Alice"
    people.clear()
    assert ask(token).status_code == 401


@row("`user_identity_loader`")
def test_loaders_are_asked_at_each_token(host: Flask, clock: Clock) -> None:
    manager_of(host).user_identity_loader(lambda user: user.id)
    manager_of(host).additional_claims_loader(lambda user: {"name": user.username})
    manager_of(host).additional_headers_loader(lambda user: {"initial": user.username[0]})
    token = due(host, clock).access_token
    renewed = host.test_client().get("/access_required", headers=bearer(token)).headers[RENEWED]
    assert {claims_of(each)["name"] for each in (token, renewed)} == {"alice"}
    assert {header_of(each)["initial"] for each in (token, renewed)} == {"a"}


@guards
@row("`token_in_blocklist_loader`")
def test_a_blocklist_and_a_verification_are_asked(host: Flask, guard: str) -> None:
    ask = asking(host, guard)
    blocked, refused, good = (sign_in(host, name).access_token for name in ("alice", "bob", "carol"))
    manager_of(host).token_in_blocklist_loader(lambda header, claims: claims["sub"] == "id-of-alice")
    manager_of(host).token_verification_loader(lambda header, claims: claims["sub"] != "id-of-bob")
    codes = [(ask(token).get_json(silent=True) or {}).get("code") for token in (blocked, refused, good)]
    assert codes == ["session_ended", "token_invalid", None]


@guards
@row("`unauthorized_loader`")
def test_a_hosts_answers_are_given(host: Flask, clock: Clock, guard: str) -> None:
    manager, ask, old = manager_of(host), asking(host, guard), sign_in(host).access_token
    manager.unauthorized_loader(lambda reason: ("missing", 418))
    manager.invalid_token_loader(lambda reason: ("invalid", 418))
    manager.expired_token_loader(lambda header, claims: ("expired", 418))
    manager.revoked_token_loader(lambda header, claims: ("revoked", 418))
    manager.token_in_blocklist_loader(lambda header, claims: True)
    clock.tick(hours=1)
    answers = [ask(token).text for token in ("", "bad", old, sign_in(host).access_token)]
    assert answers == ["missing", "invalid", "expired", "revoked"]


@row("`decode_token`")
def test_their_readers_read_our_tokens(host: Flask, clock: Clock) -> None:
    token = sign_in(host).access_token
    with host.app_context():
        assert (get_jti(token), get_unverified_jwt_headers(token)) == (claims_of(token)["jti"], header_of(token))
        clock.tick(hours=1)
        assert decode_token(token, allow_expired=True)["sub"] == "id-of-alice"


@row("`unset_jwt_cookies`")
def test_their_cookies_of_before_are_deleted(host: Flask) -> None:
    with host.test_request_context():
        unset_jwt_cookies(response := Response())
    deleted = {line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")}
    assert {"access_token_cookie", "refresh_token_cookie"} <= deleted


@guards
@row("`JWT_HEADER_NAME`")
def test_places_and_names_are_obeyed(adopt: Callable[..., Flask], guard: str) -> None:
    places = {"JWT_HEADER_NAME": "X-Token", "JWT_HEADER_TYPE": "", "JWT_TOKEN_LOCATION": ["headers", "query_string"]}
    app = adopt(JWT_IDENTITY_CLAIM="who", **places)
    token, client = sign_in(app).access_token, app.test_client()
    assert claims_of(token)["who"] == "id-of-alice"
    assert client.get(f"/{guard}", headers={"X-Token": token}).get_json() == {"identity": "id-of-alice"}
    assert client.get(f"/{guard}?jwt={token}").status_code == 200
    assert client.get("/auth/me", headers={"X-Token": token}).status_code == 200


@row("another application")
def test_another_application_notices_nothing(host: Flask) -> None:
    other = Flask("other")
    other.config["JWT_SECRET_KEY"] = "a secret of somebody else, 32 by"
    JWTManager(other)
    with other.app_context():
        assert decode_token(create_access_token("7"))["sub"] == "7"


@guards
@row("one `JWTManager`")
def test_each_application_of_one_manager_reads_its_own_tokens(tmp_path: Path, clock: Clock, guard: str) -> None:
    manager = JWTManager()
    one, two = (make_host(tmp_path / name, clock, prepare=manager.init_app) for name in ("one", "two"))
    headers = bearer(sign_in(one).access_token)
    assert [app.test_client().get(f"/{guard}", headers=headers).status_code for app in (one, two)] == [200, 401]


def test_each_row_is_held() -> None:
    assert row.bare == []
