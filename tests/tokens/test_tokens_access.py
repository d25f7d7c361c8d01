"""Access tokens by themselves, and those of the pages' cookie."""

from pathlib import Path

import pytest
from conftest import Clock
from flask import Flask
from flask_jwt_extended import JWTManager
from hosts import make_host, services_of, sign_in

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
