"""Access tokens by themselves, and those of the pages' cookie."""

from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Clock
from flask import Flask
from flask_jwt_extended import JWTManager
from hosts import make_host, services_of, sign_in

from flask_renewal.ground.errors import TokenExpiredError, TokenInvalidError

ADDED = {"groups": ["readers"]}


@pytest.fixture
def adding(tmp_path: Path, clock: Clock) -> Flask:
    """A host that adds the same list to every token."""
    return make_host(
        tmp_path, clock, prepare=lambda app: JWTManager(app).additional_claims_loader(lambda identity: ADDED)
    )


def test_what_a_page_does_to_the_claims_is_not_seen_by_the_host(adding: Flask) -> None:
    tokens = services_of(adding).access_tokens
    grant = sign_in(adding)
    cookie = tokens.for_cookie(grant.access_token, grant.session)
    _, claims = tokens.read_cookie(cookie).copies()
    claims["groups"].append("writers")
    assert ADDED == {"groups": ["readers"]}


def test_a_cookie_is_ours_if_one_of_our_keys_signed_it(adding: Flask) -> None:
    tokens, grant = services_of(adding).access_tokens, sign_in(adding)
    token = grant.access_token
    signed, _, signature = token.rpartition(".")
    assert [tokens.is_ours(each) for each in (token, tokens.for_cookie(token, grant.session))] == [True, True]
    assert [tokens.is_ours(each) for each in ("", "theirs", f"{signed}.{signature[::-1]}")] == [False] * 3


@pytest.mark.parametrize("otherwise", ["{}=", "{}==", "{}!", "{}\n", " {}", "{}.", ".{}"])
def test_there_is_one_way_to_write_a_token(adding: Flask, otherwise: str) -> None:
    tokens, token = services_of(adding).access_tokens, sign_in(adding).access_token
    with pytest.raises(TokenInvalidError):
        tokens.read(otherwise.format(token))


def test_a_page_sees_what_the_host_adds_to_the_header_of_a_token(tmp_path: Path, clock: Clock) -> None:
    app = make_host(
        tmp_path, clock, prepare=lambda app: JWTManager(app).additional_headers_loader(lambda identity: {"zone": "eu"})
    )
    tokens, grant = services_of(app).access_tokens, sign_in(app)
    header, claims = tokens.read_cookie(tokens.for_cookie(grant.access_token, grant.session)).copies()
    assert (header["zone"], header["typ"], claims["type"]) == ("eu", "at+jwt", "access")


def test_leeway_is_granted_to_the_cookie_of_pages_too_and_no_more(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path, clock, JWT_DECODE_LEEWAY=30)
    tokens, grant = services_of(app).access_tokens, sign_in(app)
    sent = (grant.access_token, tokens.for_cookie(grant.access_token, grant.session))
    clock.tick(minutes=15, seconds=29)
    assert [tokens.read_cookie(token).session_id for token in sent] == [grant.session.id] * 2
    clock.tick(seconds=1)
    for token in sent:
        with pytest.raises(TokenExpiredError):
            tokens.read_cookie(token)


def test_a_cookie_that_has_every_claim_asks_the_host_for_none(adding: Flask) -> None:
    tokens, token = services_of(adding).access_tokens, sign_in(adding).access_token
    adding.extensions["flask-jwt-extended"].additional_claims_loader(lambda identity: pytest.fail("asked"))
    assert tokens.read_cookie(token).claims["groups"] == ["readers"]


def test_a_token_that_is_renewed_for_ever_fits_a_cookie_too(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path, clock, RENEWAL_HEADER_LIMIT=None)
    tokens, grant = services_of(app).access_tokens, sign_in(app)
    cookie = tokens.read_cookie(tokens.for_cookie(grant.access_token, grant.session))
    assert (cookie.session_id, cookie.renewable_until) == (grant.session.id, None)


def test_a_cookie_whose_claims_need_a_session_that_is_gone_lets_nobody_in(tmp_path: Path, clock: Clock) -> None:
    app = make_host(tmp_path, clock)
    services, grant = services_of(app), sign_in(app)
    services.functions.claims_loader = lambda user_id, session: {"device": session.device}
    cookie = services.access_tokens.for_cookie(grant.access_token, grant.session)
    with app.app_context():
        assert services.access_tokens.read_cookie(cookie).claims["device"] == grant.session.device
        services.store.purge(now=clock() + timedelta(days=100), after="", examine=1)
        with pytest.raises(TokenInvalidError):
            services.access_tokens.read_cookie(cookie)
