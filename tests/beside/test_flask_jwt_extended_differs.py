"""Where we disagree with Flask-JWT-Extended by design, under both guards: each row of the page's second table."""

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from answers import CHALLENGE, assert_refused
from conftest import Clock, bearer
from flask import Flask
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_current_user,
    set_access_cookies,
    set_refresh_cookies,
)
from forging import claims_of, header_of
from hosts import GUARDS, LITTLE_LEFT, RENEWED, due, guards, sign_in
from rows import Held

from flask_renewal import ConfigurationError, Renewal
from flask_renewal.entrances.check import review

SECRET = "gT5-uHq9_yWc2LrXz8Nk4VbSm7PdJf3aEoQi6Rt1"

row = Held("flask-jwt-extended.md", "## Where they disagree")


@row("`create_access_token`")
@pytest.mark.parametrize("make", [create_access_token, create_refresh_token])
def test_their_makers_make_no_tokens(host: Flask, make: Callable[[str], str]) -> None:
    with host.app_context(), pytest.raises(RuntimeError, match="call sign_in or start_session of Renewal instead"):
        make("id-of-alice")


@pytest.mark.parametrize("put", [set_access_cookies, set_refresh_cookies])
def test_their_makers_set_no_cookies(host: Flask, put: Callable[..., None]) -> None:
    token = sign_in(host).access_token
    with host.test_request_context(), pytest.raises(RuntimeError, match="call sign_in or start_session of Renewal"):
        put(host.make_response(""), token)


@guards
@row("tokens that were made elsewhere")
def test_a_token_without_a_session_is_refused(adopt: Callable[..., Flask], guard: str) -> None:
    client = adopt(JWT_SECRET_KEY=SECRET).test_client()
    other = Flask("before")
    other.config["JWT_SECRET_KEY"] = SECRET
    JWTManager(other)
    with other.app_context():
        token = create_access_token("id-of-alice")
    assert_refused(client.get(f"/{guard}", headers=bearer(token)), "token_invalid", CHALLENGE)


@guards
@row("`@jwt_required(refresh=True)`")
@pytest.mark.parametrize("asked", [{"refresh": True}, {"verify_type": False}], ids=str)
def test_a_guard_lets_no_refresh_token_in(host: Flask, guard: str, asked: dict[str, bool]) -> None:
    host.add_url_rule("/asked", "asked", GUARDS[guard](**asked)(lambda: "served"))
    answer = host.test_client().get("/asked", headers=bearer(sign_in(host).refresh_token or ""))
    assert_refused(answer, "token_invalid", CHALLENGE)


@row("`additional_claims=`")
def test_what_loaders_add_is_in_renewed_tokens_too(host: Flask, clock: Clock) -> None:
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.additional_claims_loader(lambda identity: {"team": "blue"})
    answer = host.test_client().get("/access_required", headers=bearer(due(host, clock).access_token))
    assert claims_of(answer.headers[RENEWED])["team"] == "blue"


def test_claims_of_a_session_are_in_renewed_tokens_too(host: Flask, clock: Clock) -> None:
    sign_in(host)
    with host.app_context():
        grant = Renewal().start_session("id-of-alice", claims={"team": "blue"})
    clock.tick(minutes=LITTLE_LEFT)
    answer = host.test_client().get("/access_required", headers=bearer(grant.access_token))
    assert [claims_of(token)["team"] for token in (grant.access_token, answer.headers[RENEWED])] == ["blue"] * 2


@row("`expires_delta=`")
def test_tokens_that_never_expire_stop_the_start(adopt: Callable[..., Flask]) -> None:
    with pytest.raises(ConfigurationError, match="JWT_ACCESS_TOKEN_EXPIRES = False cannot be used; set it to"):
        adopt(JWT_ACCESS_TOKEN_EXPIRES=False)


@row("`fresh=timedelta(…)`")
def test_a_renewed_token_is_not_fresh(adopt: Callable[..., Flask], clock: Clock) -> None:
    app = adopt(JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=15))
    token = due(app, clock).access_token
    renewed = app.test_client().get("/access_required", headers=bearer(token)).headers[RENEWED]
    assert [claims_of(each)["fresh"] for each in (token, renewed)] == [True, False]


@guards
@row("cookies with a CSRF token")
def test_a_token_in_their_cookie_changes_nothing(adopt: Callable[..., Flask], guard: str) -> None:
    app = adopt(JWT_TOKEN_LOCATION=["cookies"])
    app.add_url_rule("/change", "change", GUARDS[guard]()(lambda: "changed"), methods=["POST"])
    client, token = app.test_client(), sign_in(app).access_token
    client.set_cookie("access_token_cookie", token)
    assert "csrf" not in claims_of(token)
    assert_refused(client.post("/change", headers={"X-CSRF-TOKEN": "any"}), "token_missing", "Bearer")


@guards
@row("422 and")
@pytest.mark.parametrize("token", ["bad", "a.b.c", "", "e30.e30.e30"])
def test_why_a_token_is_not_valid_nobody_is_told(host: Flask, guard: str, token: str) -> None:
    answer = host.test_client().get(f"/{guard}", headers=bearer(token))
    assert_refused(answer, "token_invalid", CHALLENGE)
    assert answer.get_json()["detail"] == "The access token is not valid."


@guards
@row("`current_user` without")
def test_the_user_is_known_without_a_lookup(host: Flask, guard: str) -> None:
    host.add_url_rule("/who", "who", GUARDS[guard]()(lambda: get_current_user().username))
    assert host.test_client().get("/who", headers=bearer(sign_in(host).access_token)).text == "alice"


@row("an identity that is no text")
def test_an_identity_that_is_no_text_starts_no_session(host: Flask) -> None:
    host.extensions["flask-jwt-extended"].user_identity_loader(lambda user: 7)
    with pytest.raises(RuntimeError, match="not the user's id as text"):
        sign_in(host)


@row("any `JWT_SECRET_KEY`")
def test_a_secret_that_is_guessed_stops_the_start(adopt: Callable[..., Flask]) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used; set it to at least 32 random bytes"):
        adopt(JWT_SECRET_KEY="foobarbaz")


def test_without_one_a_key_file_signs(host: Flask) -> None:
    assert header_of(sign_in(host).access_token)["alg"] == "ES256"


@guards
@row("`encode_key_loader`")
def test_their_loaders_of_keys_are_not_asked(host: Flask, guard: str) -> None:
    manager: JWTManager = host.extensions["flask-jwt-extended"]
    manager.encode_key_loader(lambda identity: SECRET)
    manager.decode_key_loader(lambda header, claims: SECRET)
    client, theirs = host.test_client(), jwt.encode({"sub": "id-of-alice"}, SECRET)
    assert client.get(f"/{guard}", headers=bearer(sign_in(host).access_token)).status_code == 200
    assert_refused(client.get(f"/{guard}", headers=bearer(theirs)), "token_invalid", CHALLENGE)


@row("settings that change")
def test_a_setting_that_changes_later_changes_nothing(host: Flask) -> None:
    host.config.update(JWT_ACCESS_TOKEN_EXPIRES=timedelta(days=1), JWT_ALGORITHM="HS512")
    token = sign_in(host).access_token
    assert claims_of(token)["exp"] - claims_of(token)["iat"] == 900
    assert header_of(token)["alg"] == "ES256"


@guards
@row("`JWT_DECODE_AUDIENCE`")
def test_what_they_decode_by_says_nothing_and_the_check_says_so(adopt: Callable[..., Flask], guard: str) -> None:
    unheard = {"JWT_DECODE_AUDIENCE": "me", "JWT_DECODE_ISSUER": "me", "JWT_ENCODE_NBF": True, "JWT_VERIFY_SUB": False}
    app = adopt(**unheard)
    token = sign_in(app).access_token
    assert app.test_client().get(f"/{guard}", headers=bearer(token)).status_code == 200
    assert {"iss", "aud", "nbf"} & set(claims_of(token)) == {"iss", "aud"}
    named = {finding.subject for finding in review(app) if finding.code == "jwt_key_unheard"}
    assert named == {"JWT_DECODE_AUDIENCE", "JWT_DECODE_ISSUER", "JWT_VERIFY_SUB"}


@guards
@row("`Authorization: Bearer`")
def test_a_scheme_is_read_in_any_case(host: Flask, guard: str) -> None:
    sent = {"Authorization": f"bEARER {sign_in(host).access_token}"}
    assert host.test_client().get(f"/{guard}", headers=sent).status_code == 200


@row("a `JWTManager` that is made later")
def test_a_manager_that_comes_later_is_refused(host: Flask) -> None:
    token = sign_in(host).access_token
    JWTManager(host)
    with pytest.raises(ConfigurationError, match="make the JWTManager first"):
        host.test_client().get("/access_required", headers=bearer(token))


def test_each_row_is_held() -> None:
    assert row.bare == []
