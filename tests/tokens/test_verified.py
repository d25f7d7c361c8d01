"""The tokens that a process remembers to have verified: bounded, and never a way round what verification says."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from conftest import PASSWORD, Clock, bearer
from flask import Flask, jsonify
from flask_jwt_extended import get_jwt, get_jwt_header, jwt_required
from patience import PATIENCE

from flask_renewal import access_required
from flask_renewal.ground.errors import TokenInvalidError
from flask_renewal.identity.services import Services
from flask_renewal.identity.tokens.verified import AccessToken, VerifiedTokens

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def made(*, expires_at: int = 1000, claims: dict[str, Any] | None = None, is_flat: bool = True) -> AccessToken:
    return AccessToken(
        subject="user",
        session_id="session",
        key_id="key",
        issued_at=0,
        expires_at=expires_at,
        fresh=False,
        renewable_until=None,
        renews_from=expires_at,
        header={},
        claims=claims or {},
        is_flat=is_flat,
    )


@pytest.fixture
def guarded(app: Flask, login: dict[str, Any]) -> Callable[[str], int]:
    """Return a function that asks a guarded route with a token and returns the status."""
    browser = app.test_client(use_cookies=False)
    return lambda token: browser.get("/auth/sessions", headers=bearer(token)).status_code


def services_of(app: Flask) -> Services:
    services: Services = app.extensions["flask-renewal"]
    return services


def remembered(app: Flask) -> VerifiedTokens:
    return services_of(app).access_tokens._verified


def test_no_more_are_remembered_than_the_limit_and_the_first_leave_first() -> None:
    tokens = VerifiedTokens(3)
    for number in range(10):
        tokens.remember(f"token {number}", made(), now=0)
    assert len(tokens) == 3
    assert tokens.get("token 6") is None
    assert tokens.get("token 9") is not None


def test_the_expired_leave_when_another_is_remembered() -> None:
    tokens = VerifiedTokens(10)
    for number in range(5):
        tokens.remember(f"token {number}", made(expires_at=100), now=0)
    tokens.remember("later", made(expires_at=200), now=100)
    assert len(tokens) == 1


def test_a_token_that_has_expired_is_not_remembered_at_all() -> None:
    tokens = VerifiedTokens(10)
    tokens.remember("old", made(expires_at=100), now=100)
    assert len(tokens) == 0


def test_a_token_is_verified_once_and_remembered(
    app: Flask, login: dict[str, Any], guarded: Callable[[str], int]
) -> None:
    assert guarded(login["access_token"]) == guarded(login["access_token"]) == 200
    assert len(remembered(app)) == 1


def test_a_remembered_token_is_refused_and_forgotten_when_it_expires(
    app: Flask, login: dict[str, Any], clock: Clock, guarded: Callable[[str], int]
) -> None:
    assert guarded(login["access_token"]) == 200
    clock.tick(seconds=login["expires_in"])
    assert guarded(login["access_token"]) == 401
    assert len(remembered(app)) == 0


def test_a_remembered_token_does_not_outlive_its_session(
    app: Flask, login: dict[str, Any], guarded: Callable[[str], int]
) -> None:
    assert guarded(login["access_token"]) == 200
    services_of(app).sessions.end(login["session"]["id"], reason="test")
    assert guarded(login["access_token"]) == 401


def test_a_session_that_another_process_ended_is_noticed_within_the_delay(
    app: Flask, login: dict[str, Any], clock: Clock, guarded: Callable[[str], int], make_app: Callable[..., Flask]
) -> None:
    assert guarded(login["access_token"]) == 200
    clock.tick(seconds=1)
    services_of(make_app()).sessions.end(login["session"]["id"], reason="test")
    clock.tick(seconds=2)
    assert guarded(login["access_token"]) == 401


def test_a_remembered_token_does_not_outlive_its_key(
    app: Flask, login: dict[str, Any], guarded: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert guarded(login["access_token"]) == 200
    monkeypatch.setattr(type(services_of(app).keys), "by_kid", {})
    assert guarded(login["access_token"]) == 401
    assert len(remembered(app)) == 0


@pytest.mark.parametrize("part", [0, 1, 2], ids=["in the header", "in the claims", "in the signature"])
def test_a_neighbour_of_a_remembered_token_is_refused(
    app: Flask, login: dict[str, Any], guarded: Callable[[str], int], part: int
) -> None:
    token = login["access_token"]
    assert guarded(token) == 200
    segments = token.split(".")
    for at in range(0, len(segments[part]), 7):
        other = BASE64URL[(BASE64URL.index(segments[part][at]) + 1) % 64]
        forged = [*segments[:part], segments[part][:at] + other + segments[part][at + 1 :], *segments[part + 1 :]]
        assert guarded(".".join(forged)) == 401
    assert len(remembered(app)) == 1


@pytest.mark.parametrize("tail", ["A", "=", ".", " ", "\t", ","], ids=repr)
def test_a_remembered_token_with_something_behind_it_is_another_token(
    app: Flask, login: dict[str, Any], tail: str
) -> None:
    access_tokens = services_of(app).access_tokens
    access_tokens.read(login["access_token"])
    with pytest.raises(TokenInvalidError):
        access_tokens.read(login["access_token"] + tail)


def test_what_a_view_does_to_the_claims_is_not_seen_by_the_next_request(app: Flask, login: dict[str, Any]) -> None:
    app.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: {"roles": ["reader"]})

    def spoil() -> Any:
        seen = [get_jwt()["roles"].copy(), get_jwt().get("sub"), get_jwt_header().get("typ")]
        get_jwt()["roles"].append("admin")
        get_jwt().clear()
        get_jwt_header().clear()
        return jsonify(seen)

    app._got_first_request = False
    app.add_url_rule("/short", "short", access_required()(spoil))
    app.add_url_rule("/long", "long", jwt_required()(spoil))
    client = app.test_client()
    token = client.post("/auth/login", json={"username": "alice", "password": PASSWORD}).get_json()["access_token"]
    answers = [client.get(path, headers=bearer(token)).get_json() for path in ("/short", "/long") * 2]
    assert answers == [[["reader"], login["user"]["id"], "at+jwt"]] * 4


def test_threads_that_remember_and_look_up_at_once_find_what_they_ask_for() -> None:
    tokens, wrong = VerifiedTokens(50), []

    def work(name: int) -> None:
        for number in range(500):
            text = f"{name} {number}"
            tokens.remember(text, made(claims={"text": text}), now=0)
            found = tokens.get(text)
            if found is not None and found.claims["text"] != text:
                wrong.append(text)
            tokens.forget(f"{name - 1} {number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not wrong
    assert len(tokens) <= 50


def test_threads_with_one_token_all_get_in(app: Flask, login: dict[str, Any]) -> None:
    statuses: list[int] = []

    def ask() -> None:
        client = app.test_client(use_cookies=False)
        statuses.extend(client.get("/auth/me", headers=bearer(login["access_token"])).status_code for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert statuses == [200] * 40
    assert len(remembered(app)) == 1


@pytest.mark.parametrize("claims", [{}, {"team": {"roles": ["admin"]}}], ids=["flat", "nested"])
def test_what_is_read_of_a_token_just_issued_is_what_verifying_it_says(app: Flask, claims: dict[str, Any]) -> None:
    app.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: claims)
    client = app.test_client()
    token = client.post("/auth/register", json={"username": "bob", "password": PASSWORD}).get_json()["access_token"]
    tokens = services_of(app).access_tokens
    assert tokens.read_issued(token) == tokens.read(token)
    assert tokens.read_issued(token).is_flat is not bool(claims)
