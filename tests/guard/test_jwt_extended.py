"""Flask-JWT-Extended beside us: what we use of its insides, its makers of tokens, its loaders, other applications."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import flask_jwt_extended
import pytest
from conftest import Clock, bearer
from flask import Flask, g, jsonify
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    decode_token,
    get_jwt_identity,
    jwt_required,
)
from forging import claims_of
from hosts import RENEWED, due, guards, make_host, services_of, sign_in
from jwt import DecodeError

SOURCE = Path(__file__).parents[2] / "src" / "flask_renewal"
CALLBACKS = {
    f"_{name}_callback"
    for name in (
        "unauthorized", "expired_token", "revoked_token", "needs_fresh_token", "invalid_token", "user_lookup_error",
        "token_verification_failed", "token_verification", "token_in_blocklist", "user_lookup", "user_identity",
        "user_claims", "jwt_additional_header",
    )
}  # fmt: skip
ON_G = {"_jwt_extended_jwt", "_jwt_extended_jwt_header", "_jwt_extended_jwt_user", "_jwt_extended_jwt_location"}


def other_application() -> tuple[Flask, str]:
    """Return an application that has Flask-JWT-Extended and not us, and a token of its own."""
    app = Flask("other")
    app.config["JWT_SECRET_KEY"] = "a secret of somebody else, 32 by"
    JWTManager(app)
    app.add_url_rule("/", "held", jwt_required()(lambda: jsonify(sorted(vars(g)))))
    with app.app_context():
        return app, create_access_token("7")


def test_flask_jwt_extended_has_the_private_names_that_we_use() -> None:
    app, token = other_application()
    assert CALLBACKS | {"_decode_jwt_from_config"} <= {*dir(app.extensions["flask-jwt-extended"])}
    assert set(app.test_client().get("/", headers=bearer(token)).get_json()) == ON_G


def test_no_other_module_knows_them() -> None:
    private = re.compile(r"\._\w+_callback\b|_jwt_extended_jwt|_(en|de)code_jwt_from")
    assert [path.name for path in SOURCE.rglob("*.py") if private.search(path.read_text())] == ["jwt_extended.py"]


def test_nothing_of_another_library_is_replaced_but_the_reading_of_tokens_in_this_application(host: Flask) -> None:
    assert set(vars(host.extensions["flask-jwt-extended"])) - set(vars(JWTManager())) == {"_decode_jwt_from_config"}
    assert {name for name in vars(host) if inspect.isfunction(getattr(Flask, name, None))} == {"wsgi_app"}
    functions = [
        value
        for module in vars(flask_jwt_extended).values()
        if inspect.ismodule(module)
        for value in vars(module).values()
        if inspect.isfunction(value)
    ]
    assert not [function for function in functions if function.__module__.startswith("flask_renewal")]


def test_other_applications_in_the_process_notice_nothing(host: Flask) -> None:
    app, token = other_application()
    assert app.test_client().get("/", headers=bearer(token)).status_code == 200
    assert app.test_client().get("/").get_json() == {"msg": "Missing Authorization Header"}


def test_a_token_that_is_not_ours_cannot_be_decoded_expired_or_not(host: Flask) -> None:
    for allow_expired in (False, True):
        with host.app_context(), pytest.raises(DecodeError):
            decode_token(other_application()[1], allow_expired=allow_expired)


def with_identity_of(identity: Callable[[Any], Any]) -> Callable[[Flask], None]:
    def prepare(app: Flask) -> None:
        manager = JWTManager(app)
        manager.user_identity_loader(identity)
        manager.additional_claims_loader(lambda user: {"name": user.username})
        manager.additional_headers_loader(lambda user: {"initial": user.username[0]})

    return prepare


def test_loaders_get_the_user_where_the_host_makes_an_identity_of_one(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path / "own", clock, prepare=with_identity_of(lambda user: user.id))
    grant = due(app, clock)
    renewed = app.test_client().get("/access_required", headers=bearer(grant.access_token)).headers[RENEWED]
    with app.app_context():
        refreshed = services_of(app).sessions.refresh(grant.refresh_token or "", None).access_token
        assert services_of(app).access_tokens.read(refreshed).header["initial"] == "a"
    assert [claims_of(token)["name"] for token in (grant.access_token, renewed, refreshed)] == ["alice"] * 3


@pytest.mark.parametrize("identity", [lambda user: 7, lambda user: user.username, lambda user: None])
def test_an_identity_that_is_not_our_id_as_text_starts_no_session(
    tmp_path: Path, clock: Clock, identity: Callable[[Any], Any]
) -> None:
    app = make_host(tmp_path / "own", clock, prepare=with_identity_of(identity))
    with pytest.raises(RuntimeError, match=r"user_identity_loader returned .*'id-of-alice'"):
        sign_in(app)
    assert services_of(app).store.list("id-of-alice", now=clock()) == []


def test_a_loader_that_fails_leaves_no_session_behind(host: Flask, clock: Clock) -> None:
    host.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sign_in(host)
    assert services_of(host).store.list("id-of-alice", now=clock()) == []


def test_claims_may_hold_whatever_the_hosts_answers_may(host: Flask) -> None:
    team = UUID(int=7)
    host.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: {"team": team})
    assert claims_of(sign_in(host).access_token)["team"] == str(team)


@pytest.fixture
def two(tmp_path: Path, clock: Clock) -> list[Flask]:
    """Two applications of one factory, whose manager is a global as in Flask-JWT-Extended's documentation."""
    manager = JWTManager()
    return [make_host(tmp_path / name, clock, prepare=manager.init_app) for name in ("one", "two")]


@guards
def test_one_manager_may_serve_several_applications(two: list[Flask], guard: str) -> None:
    tokens = [sign_in(app).access_token for app in two]
    asked = [(app.test_client(), bearer(token)) for app in two for token in tokens]
    assert [client.get(f"/{guard}", headers=headers).status_code for client, headers in asked] == [200, 401, 401, 200]


@guards
def test_a_session_ends_in_the_application_that_it_is_of(two: list[Flask], guard: str) -> None:
    grants = [sign_in(app) for app in two]
    two[0].extensions["flask-jwt-extended"].token_in_blocklist_loader(lambda header, claims: False)
    services_of(two[0]).sessions.end(grants[0].session.id, reason="test")
    asked = zip(two, grants, strict=True)
    codes = [app.test_client().get(f"/{guard}", headers=bearer(grant.access_token)).status_code for app, grant in asked]
    assert codes == [401, 200]


def test_a_manager_that_serves_one_without_us_does_there_as_it_did(tmp_path: Path, clock: Clock) -> None:
    manager, other = JWTManager(), Flask("other")
    make_host(tmp_path / "ours", clock, prepare=manager.init_app)
    other.config["JWT_SECRET_KEY"] = "a secret of somebody else, 32 by"
    manager.init_app(other)
    other.add_url_rule("/", "held", jwt_required()(lambda: jsonify(get_jwt_identity())))
    with other.app_context():
        token = create_access_token("7")
    assert other.test_client().get("/", headers=bearer(token)).get_json() == "7"
    assert other.test_client().get("/").get_json() == {"msg": "Missing Authorization Header"}
